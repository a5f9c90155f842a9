import { ignored, thinItem } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';

const KINDS: KindTable = {
  'person.created': 'upsert',
  'person.updated': 'upsert',
  'person.deleted': 'remove',
  'employment.created': 'upsert',
  'employment.updated': 'upsert',
  'employment.started': 'upsert',
  'employment.deleted': 'upsert',
  'employment.terminated': 'suspend',
};

/**
 * Personio: ids alone and, as far as its documentation says, no signature; the secret is the end of the address. What a
 * forged request can cause is a reading from Personio and nothing more.
 * @see https://developer.personio.de/docs/webhooks
 */
export const webhook: WebhookProvider = {
  verifier: ({ verify, header }) =>
    header === undefined
      ? { kind: 'url-secret' }
      : { kind: 'static-header', header, scheme: verify === 'bearer' || verify === 'basic' ? verify : 'raw' },
  format: 'json',
  read: ({ body, settings }) => {
    const type = body.text('event_name');
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    const payload = body.at('payload');
    return [
      thinItem(kind, type, payload.text('person_id') ?? payload.text('person.id') ?? payload.text('id'), {
        occurredAt: isoOf(body.text('occurred_at')),
      }),
    ];
  },
};
