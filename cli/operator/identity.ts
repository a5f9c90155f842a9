import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { AWS_CLIENT } from '../../functions/runtime/aws-client.ts';
import { compact } from '../../functions/runtime/compact.ts';
import { CommandFailure } from '../failure.ts';

const FORM = 'application/x-www-form-urlencoded';
const BODY = 'Action=GetCallerIdentity&Version=2011-06-15';
const PATIENCE_MS = 5_000;

/**
 * The ARN that AWS knows the caller by: STS's GetCallerIdentity, which takes no permission. It is signed by the client that
 * commands have anyway, so that no other one has to be loaded.
 *
 * @throws CommandFailure where STS does not say who it is
 */
export async function awsIdentity(): Promise<string> {
  const client = new DynamoDBClient(AWS_CLIENT);
  try {
    const region = await client.config.region();
    const url = new URL(process.env.AWS_ENDPOINT_URL_STS ?? `https://sts.${region}.amazonaws.com/`);
    const signer = await client.config.signer(undefined);
    const request = {
      method: 'POST',
      protocol: url.protocol,
      hostname: url.hostname,
      path: '/',
      query: {},
      headers: { host: url.host, 'content-type': FORM },
      body: BODY,
      ...compact({ port: url.port === '' ? undefined : Number(url.port) }),
    };
    const signed = await signer.sign(request, { signingService: 'sts', signingRegion: region });
    const answer = await fetch(url, {
      method: 'POST',
      headers: signed.headers,
      body: BODY,
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const text = await answer.text();
    const [, arn] = /<Arn>([^<]{1,2048})<\/Arn>/.exec(text) ?? [];
    if (arn !== undefined) return arn;
    const [, reason = `status ${answer.status}`] = /<Message>([^<]+)<\/Message>/.exec(text) ?? [];
    throw new Error(reason);
  } catch (error) {
    throw new CommandFailure(
      `AWS does not say who you are (STS GetCallerIdentity: ${(error as Error).message}); say it with --by <name>`,
    );
  } finally {
    client.destroy();
  }
}
