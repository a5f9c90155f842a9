import { awsQuery, textOf } from '../../functions/runtime/aws-query.ts';
import { CommandFailure } from '../failure.ts';

/**
 * The ARN that AWS knows the caller by: STS's GetCallerIdentity, which takes no permission.
 *
 * @throws CommandFailure where STS does not say who it is
 */
export async function awsIdentity(): Promise<string> {
  try {
    const arn = textOf(await awsQuery('sts', 'GetCallerIdentity'), 'Arn');
    if (arn !== undefined) return arn;
    throw new Error('the answer has no Arn');
  } catch (error) {
    throw new CommandFailure(
      `AWS does not say who you are (STS GetCallerIdentity: ${(error as Error).message}); say it with --by <name>`,
    );
  }
}
