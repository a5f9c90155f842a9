import { randomUUID } from 'node:crypto';
import { isoOf } from '../../events/instant.ts';
import { FetchError } from '../../sources/fetcher.ts';
import { baseUrl, option } from '../../sources/option.ts';
import type { KeptSubscription, Renew } from '../../sources/provider.ts';
import { isThrottled } from './throttle.ts';
import { googleToken } from './token.ts';

/** A channel an event; Google knows no other way. */
const EVENTS = ['add', 'update', 'delete', 'undelete', 'makeAdmin'];
const LIFETIME_SECONDS = 6 * 3_600;

/**
 * `POST /admin/directory/v1/users/watch` for each event: a channel can't be renewed, so new ones take the place of those
 * that end. @see https://developers.google.com/workspace/admin/directory/reference/rest/v1/users/watch
 */
const renew: Renew = async (context, _, secret) => {
  const base = baseUrl(context, () => 'https://admin.googleapis.com');
  const address = context.settings.subscription?.url;
  if (address === undefined)
    throw new FetchError('subscription.url is missing in the configuration of the source');
  const headers = {
    authorization: `Bearer ${await googleToken(context)}`,
    'content-type': 'application/json',
  };
  const ends: string[] = [];
  const ids: string[] = [];
  for (const event of EVENTS) {
    const query = new URLSearchParams({ domain: option(context, 'domain'), event });
    const request = {
      id: randomUUID(),
      type: 'web_hook',
      address,
      token: secret,
      params: { ttl: String(LIFETIME_SECONDS) },
    };
    const url = `${base}/admin/directory/v1/users/watch?${query}`;
    const { body } = await context.call(
      { method: 'POST', url, headers, body: JSON.stringify(request) },
      isThrottled,
    );
    const id = body.text('id');
    if (id === undefined) throw new FetchError(`Google answered without a channel for ${event}`);
    ids.push(id);
    ends.push(
      isoOf(body.text('expiration')) ?? new Date(context.now() + LIFETIME_SECONDS * 1_000).toISOString(),
    );
  }
  return { id: ids.join(','), expiresAt: ends.toSorted()[0] ?? '' };
};

/** Channels live for hours, so an hour is left. */
export const subscription: KeptSubscription = { renew, marginMs: 3_600_000 };
