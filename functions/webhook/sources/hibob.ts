import { eventItem, ignored } from '../event.ts';
import { type KindTable, kindOf } from '../kind.ts';
import type { Source } from '../source.ts';
import { isoOf } from '../time.ts';
import type { HmacDescriptor } from '../verify/hmac.ts';
import { compact } from './compact.ts';

/** @see https://apidocs.hibob.com/reference/verify-webhooks */
export const HIBOB: HmacDescriptor = {
  algorithm: 'sha512',
  signature: { header: 'bob-signature', format: 'bare', encoding: 'base64' },
  key: { encoding: 'utf8' },
  content: '{body}',
};

const KINDS: KindTable = {
  'employee.created': 'upsert',
  'employee.updated': 'upsert',
  'employee.joined': 'upsert',
  'employee.activated': 'resume',
  'employee.inactivated': 'suspend',
  'employee.left': 'suspend',
  'employee.deleted': 'remove',
  'table.entry.created': 'upsert',
  'table.entry.updated': 'upsert',
};

/** HiBob's webhooks of the second version: the employee's id and which fields changed. @see https://apidocs.hibob.com/reference/webhooks-v2 */
export const hibob: Source = {
  verifier: () => ({ kind: 'hmac', descriptor: HIBOB }),
  format: 'json',
  handshake: 'hibob',
  read: ({ body, settings }) => {
    const type = body.text('type');
    const kind = kindOf(settings, type, KINDS);
    if (type === undefined || kind === undefined) return [ignored(type)];
    return [
      eventItem({
        kind,
        type,
        subject: compact({ id: body.text('data.employeeId') ?? body.text('employee.id') }),
        completeness: 'thin',
        ...compact({ occurredAt: isoOf(body.text('triggeredAt')) }),
      }),
    ];
  },
};
