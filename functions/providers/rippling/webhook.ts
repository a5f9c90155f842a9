import { gone, ignored, thinItem } from '../../events/event.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';

/** Created and deleted are the access to this app; hired and terminated are the whole company's. */
const KINDS: KindTable = {
  'employee.created': 'assign',
  'employee.deleted': 'unassign',
  'employee.updated': 'upsert',
  'employee.hired': 'upsert',
  'employee.terminated': 'suspend',
};

/**
 * Rippling's partner webhooks: a form with an id, some minutes late and sometimes twice, with a bearer token.
 * @see https://developer.rippling.com/documentation/base-api/guides/webhooks
 */
export const webhook: WebhookProvider = {
  verifier: ({ header = 'authorization' }) => ({ kind: 'static-header', header, scheme: 'bearer' }),
  format: 'json-or-form',
  read: ({ body, settings }) => {
    const type = body.text('event_name');
    if (type === 'company.deleted') return [gone(type)];
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    return [thinItem(kind, type, body.text('id'))];
  },
};
