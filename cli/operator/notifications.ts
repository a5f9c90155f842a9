import type { Finding } from '../../functions/operate/tenant/finding.ts';
import type { Services } from '../../functions/provision/services.ts';
import type { TenantProvisioning } from '../../functions/provision/tenant.ts';
import { errorText } from '../../functions/runtime/error-text.ts';
import type { CommandContext } from '../command-context.ts';

const section = 'notifications';

/** Whether operators are told what needs a person: the webhook has an address, the topic a receiver. */
export async function notificationFindings(
  { table }: Pick<CommandContext, 'table'>,
  { name, tenant }: TenantProvisioning,
  { secrets }: Pick<Services, 'secrets'>,
): Promise<Finding[]> {
  const { notify } = tenant;
  if (notify === undefined) {
    const found = 'not configured: what needs a person is seen by those who look';
    return [{ section, what: 'notify', mark: '✓', found }];
  }
  if (table === undefined) {
    const found = 'npm start prints what needs a person; webhook and topic are used once deployed';
    return [{ section, what: 'notify', mark: '✓', found }];
  }
  const { webhook, topic } = notify;
  return [
    ...(webhook === undefined ? [] : [await webhookFinding(webhook, secrets, { name, tenant })]),
    ...(topic === undefined ? [] : [await topicFinding(topic)]),
  ];
}

async function webhookFinding(
  webhook: string,
  secrets: Services['secrets'],
  owner: Pick<TenantProvisioning, 'name' | 'tenant'>,
): Promise<Finding> {
  const of = { section, what: `webhook ${webhook}` } as const;
  try {
    const { webhooks = {} } = await secrets.get('door', owner);
    if (Object.hasOwn(webhooks, webhook))
      return { ...of, mark: '✓', found: 'the secret door has its address' };
    const advice = `Put it into the secret door as webhooks: {"${webhook}": "https://…"}.`;
    return { ...of, mark: '!', found: 'the secret door has no address of it, so it is told nothing', advice };
  } catch (error) {
    return { ...of, mark: '!', found: errorText(error) };
  }
}

async function topicFinding(topic: string): Promise<Finding> {
  const of = { section, what: 'topic' } as const;
  const { receiversFinding } = await import('./alarms.ts');
  try {
    return await receiversFinding(of, topic, 'Subscribe those who are to be told: aws sns subscribe.');
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'QueryError') throw error;
    const advice = 'It takes sns:ListSubscriptionsByTopic on the topic.';
    return { ...of, mark: '!', found: `can not be looked at: ${error.message}`, advice };
  }
}
