import { ignored, thinItem } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import { jsonView } from '../../events/json-view.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { type Handshake, JSON_TYPE } from '../../webhook/handshake.ts';
import type { WebhookProvider } from '../../webhook/provider.ts';
import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';

/** The key is the verification token of the subscription. @see https://docs.gusto.com/embedded-payroll/docs/webhooks */
export const GUSTO: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'x-gusto-signature', format: 'bare', encoding: 'hex' },
  key: { encoding: 'utf8' },
  content: '{body}',
};

const KINDS: KindTable = {
  'employee.created': 'upsert',
  'employee.updated': 'upsert',
  'employee.onboarded': 'upsert',
  // Said when they are entered, which may be weeks ahead: the reading has the days.
  'employee.terminated': 'upsert',
  'employee.termination_cancelled': 'upsert',
  'employee.rehired': 'upsert',
  'employee.rehire_cancelled': 'upsert',
  'employee.rehire_effective': 'resume',
  'employee.termination_effective': 'suspend',
  // The other spelling of the vendor's pages.
  'employee.terminated_effective': 'suspend',
  'employee.deleted': 'remove',
};

/**
 * Gusto hands over its verification token unsigned, and signs with it from then on. It is kept aside, while an operator
 * expects it, until it stands in the source's secret: if it took effect by itself, any stranger could hand over a token.
 * @see https://docs.gusto.com/embedded-payroll/docs/webhooks
 */
const handshake: Handshake = ({ method, headers, body }) => {
  if (method !== 'POST' || headers['x-gusto-signature'] !== undefined || body.length > 1_024)
    return undefined;
  const token = tokenIn(body.toString('utf8'));
  return token === undefined ? undefined : { status: 200, headers: JSON_TYPE, body: '{}', token };
};

function tokenIn(text: string): string | undefined {
  try {
    const token = jsonView(JSON.parse(text)).text('verification_token');
    return token !== undefined && /^[\w-]{8,128}$/.test(token) ? token : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Gusto: ids alone, a termination and a rehire each twice: when it is entered and when it takes effect.
 * @see https://docs.gusto.com/app-integrations/docs/employee-events
 */
export const webhook: WebhookProvider = {
  verifier: () => ({ kind: 'hmac', descriptor: GUSTO }),
  format: 'json',
  handshake,
  read: ({ body, settings }) => {
    const type = body.text('event_type');
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined || body.text('entity_type') !== 'Employee')
      return [ignored(type)];
    return [
      thinItem(kind, type, body.text('entity_uuid'), {
        occurredAt: isoOf(body.number('timestamp')),
        key: body.text('uuid'),
      }),
    ];
  },
};
