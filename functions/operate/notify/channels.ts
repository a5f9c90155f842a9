import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { errorText } from '../../runtime/error-text.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import { bodyFor } from './webhook-body.ts';

type Channels = NonNullable<TenantConfiguration['notify']>;

const CALL_MS = 5_000;
const MOST_BYTES = 64 * 1024;

/**
 * Sends a text by each channel that is configured.
 *
 * @throws Error that says of each channel that failed why; the others have been told all the same
 */
export async function tell(
  provisioning: TenantProvisioning,
  services: Services,
  { webhook, topic }: Channels,
  text: string,
): Promise<void> {
  const told = await Promise.allSettled([
    ...(webhook === undefined ? [] : [post(provisioning, services, webhook, text)]),
    ...(topic === undefined ? [] : [publish(provisioning, services, topic, text)]),
  ]);
  const reasons = told.flatMap((each) => (each.status === 'rejected' ? [errorText(each.reason)] : []));
  if (reasons.length > 0) throw new Error(reasons.join('; '));
}

/** What a deployment does with a text that is printed on one machine. */
export function elsewhereText({ webhook, topic }: Channels): string {
  const channels = [
    ...(webhook === undefined ? [] : [`the webhook ${webhook}`]),
    ...(topic === undefined ? [] : [`the topic ${topic}`]),
  ];
  return `(printed here alone; deployed, it goes to ${channels.join(' and ')})`;
}

async function post(
  provisioning: TenantProvisioning,
  { secrets, transport }: Services,
  webhook: string,
  text: string,
): Promise<void> {
  const { webhooks = {} } = await secrets.get('door', provisioning);
  const url = Object.hasOwn(webhooks, webhook) ? webhooks[webhook] : undefined;
  if (url === undefined) throw new Error(`the secret door has no webhook ${webhook} (webhooks.${webhook})`);
  const { status } = await transport({
    method: 'POST',
    url,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(bodyFor(url, text)),
    timeoutMs: CALL_MS,
    maxBytes: MOST_BYTES,
  });
  if (status < 200 || status > 299) throw new Error(`the webhook ${webhook} answered ${status}`);
}

/** @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html */
async function publish(
  { name }: TenantProvisioning,
  { transport }: Services,
  topic: string,
  text: string,
): Promise<void> {
  const { awsQuery } = await import('../../runtime/aws-query.ts');
  const [, , , region = ''] = topic.split(':');
  const message = { TopicArn: topic, Subject: `Agent Provisioner, ${name}: needs a person`, Message: text };
  try {
    await awsQuery('sns', 'Publish', message, { region, transport, timeoutMs: CALL_MS });
  } catch (error) {
    throw new Error(`the topic ${topic} was not published to: ${errorText(error)}`, { cause: error });
  }
}
