import type { Finding } from '../../functions/operate/tenant/finding.ts';
import { awsQuery, QueryError, textOf, textsOf } from '../../functions/runtime/aws-query.ts';

const FOUND = { section: 'installation', what: 'alarms' } as const;
const DEPLOY = 'npm run deploy -- --context alarms=<address> subscribes one.';

/** Whether the alarms of a deployed stack reach an operator: its topic has a subscription that was confirmed. */
export async function checkAlarms(table: string): Promise<Finding> {
  try {
    const resources = await awsQuery('cloudformation', 'DescribeStackResources', {
      PhysicalResourceId: table,
    });
    const stack = textOf(resources, 'StackName');
    if (stack === undefined) return { ...FOUND, mark: '!', found: `${table} is of no stack` };
    const topic = outputOf(await awsQuery('cloudformation', 'DescribeStacks', { StackName: stack }));
    if (topic === undefined) return { ...FOUND, mark: '!', found: `the stack ${stack} names no AlarmTopic` };
    return await receiversFinding(FOUND, topic, DEPLOY);
  } catch (error) {
    if (!(error instanceof QueryError)) throw error;
    const advice =
      'It takes cloudformation:DescribeStackResources, cloudformation:DescribeStacks and sns:ListSubscriptionsByTopic.';
    return { ...FOUND, mark: '!', found: `can not be looked at: ${error.message}`, advice };
  }
}

/** An output's elements come in no order that is documented. */
function outputOf(stacks: string): string | undefined {
  const member = stacks.split('<member>').find((part) => textOf(part, 'OutputKey') === 'AlarmTopic');
  return member === undefined ? undefined : textOf(member, 'OutputValue');
}

/** Whether a topic of SNS reaches a receiver. */
export async function receiversFinding(
  of: Pick<Finding, 'section' | 'what'>,
  topic: string,
  advice: string,
): Promise<Finding> {
  // Instead of an ARN it says that the receiver has not confirmed yet.
  const answer = await awsQuery('sns', 'ListSubscriptionsByTopic', { TopicArn: topic });
  const arns = textsOf(answer, 'SubscriptionArn');
  const confirmed = arns.filter((arn) => arn.startsWith('arn:')).length;
  if (confirmed > 0) {
    const found = `reach ${confirmed} confirmed subscription${confirmed === 1 ? '' : 's'}`;
    return { ...of, mark: '✓', found };
  }
  if (arns.length === 0) return { ...of, mark: '!', found: `nobody is subscribed to ${topic}`, advice };
  const found = 'the subscription is not confirmed';
  return { ...of, mark: '!', found, advice: 'The receiver confirms it by the link in the mail of SNS.' };
}
