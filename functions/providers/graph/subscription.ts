import { FetchError } from '../../sources/fetcher.ts';
import { baseUrl } from '../../sources/option.ts';
import type { KeptSubscription, Renew } from '../../sources/provider.ts';
import { graphToken } from './token.ts';

/** Subscriptions to users last 29 days at most, and a little less is always right. */
const LIFETIME_MS = 28 * 86_400_000;

/**
 * `PATCH /subscriptions/{id}`, or `POST` where there is none (any more); `subscription.url` is the address of the source.
 * @see https://learn.microsoft.com/graph/api/subscription-post-subscriptions
 */
const renew: Renew = async (context, subscription, secret) => {
  const base = baseUrl(context, () => 'https://graph.microsoft.com');
  const headers = {
    authorization: `Bearer ${await graphToken(context)}`,
    'content-type': 'application/json',
  };
  const expirationDateTime = new Date(context.now() + LIFETIME_MS).toISOString();
  if (subscription !== undefined) {
    const url = `${base}/v1.0/subscriptions/${subscription.id}`;
    const { status } = await context.call({
      method: 'PATCH',
      url,
      headers,
      body: JSON.stringify({ expirationDateTime }),
    });
    if (status !== 404) return { id: subscription.id, expiresAt: expirationDateTime };
  }
  const address = context.settings.subscription?.url;
  if (address === undefined)
    throw new FetchError('subscription.url is missing in the configuration of the source');
  const { body } = await context.call({
    method: 'POST',
    url: `${base}/v1.0/subscriptions`,
    headers,
    body: JSON.stringify({
      changeType: 'created,updated,deleted',
      resource: 'users',
      notificationUrl: address,
      lifecycleNotificationUrl: address,
      clientState: secret,
      expirationDateTime,
    }),
  });
  const id = body.text('id');
  if (id === undefined) throw new FetchError('Graph answered without a subscription');
  return { id, expiresAt: body.text('expirationDateTime') ?? expirationDateTime };
};

/** Two days are left for a renewal that fails. */
export const subscription: KeptSubscription = { renew, marginMs: 2 * 86_400_000 };
