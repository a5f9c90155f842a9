import { eventItem, ignored } from '../event.ts';
import { type KindTable, kindOf } from '../kind.ts';
import type { Source } from '../source.ts';
import { isoOf } from '../time.ts';
import type { HmacDescriptor } from '../verify/hmac.ts';
import { compact } from './compact.ts';

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
  'employee.rehired': 'resume',
  'employee.termination_cancelled': 'resume',
  'employee.terminated': 'suspend',
  'employee.deleted': 'remove',
};

/** Gusto: ids alone. `employee.terminated` comes when a last day is set, which may be weeks ahead. */
export const gusto: Source = {
  verifier: () => ({ kind: 'hmac', descriptor: GUSTO }),
  format: 'json',
  handshake: 'gusto',
  read: ({ body, settings }) => {
    const type = body.text('event_type');
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined || body.text('entity_type') !== 'Employee')
      return [ignored(type)];
    return [
      eventItem({
        kind,
        type,
        subject: compact({ id: body.text('entity_uuid') }),
        completeness: 'thin',
        ...compact({ occurredAt: isoOf(body.number('timestamp')), key: body.text('uuid') }),
      }),
    ];
  },
};
