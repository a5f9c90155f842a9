import type { Finding } from '../../functions/operate/tenant/health.ts';
import { awsQuery, QueryError, textOf, textsOf } from './aws-query.ts';

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
    return receiversFinding(topic, await awsQuery('sns', 'ListSubscriptionsByTopic', { TopicArn: topic }));
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

function receiversFinding(topic: string, answer: string): Finding {
  // Instead of an ARN it says that the receiver has not confirmed yet.
  const arns = textsOf(answer, 'SubscriptionArn');
  const confirmed = arns.filter((arn) => arn.startsWith('arn:')).length;
  if (confirmed > 0)
    return {
      ...FOUND,
      mark: '✓',
      found: `reach ${confirmed} confirmed subscription${confirmed === 1 ? '' : 's'}`,
    };
  return arns.length === 0
    ? { ...FOUND, mark: '!', found: `nobody is subscribed to ${topic}`, advice: DEPLOY }
    : {
        ...FOUND,
        mark: '!',
        found: 'the subscription is not confirmed',
        advice: 'The receiver confirms it by the link in the mail of SNS.',
      };
}
