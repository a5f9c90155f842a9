import { ignored, thinItem } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';

/**
 * The stamp is that of the first attempt, so that a window would refuse what is repeated in earnest; what has been seen
 * is remembered instead. @see https://remote.com/resources/api/webhooks
 */
export const REMOTE: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'x-remote-signature', format: 'bare', encoding: 'hex' },
  key: { encoding: 'utf8' },
  content: '{body}:{timestamp}',
  timestamp: { header: 'x-remote-timestamp', unit: 'ms', toleranceSec: null, semantics: 'first-attempt' },
};

const KINDS: KindTable = {
  'employment.onboarding.completed': 'upsert',
  'employment.details.updated': 'upsert',
  'employment.work_email.updated': 'upsert',
  'employment.user_status.activated': 'resume',
  'employment.user_status.deactivated': 'suspend',
  'offboarding.completed': 'suspend',
};

/** Remote: ids alone. */
export const webhook: WebhookProvider = {
  verifier: () => ({ kind: 'hmac', descriptor: REMOTE }),
  format: 'json',
  read: ({ body, headers, settings }) => {
    const type = body.text('event_type');
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    return [
      thinItem(kind, type, body.text('employment_id'), { occurredAt: isoOf(headers['x-remote-timestamp']) }),
    ];
  },
};
