import { attributesOf } from '../../events/attributes.ts';
import { eventItem, type Item, ignored, thinItem } from '../../events/event.ts';
import { isoOf } from '../../events/instant.ts';
import { type JsonView, jsonView } from '../../events/json-view.ts';
import { type KindTable, kindOf } from '../../events/kind.ts';
import { compact } from '../../runtime/compact.ts';
import type { Delivery, WebhookProvider } from '../../webhook/provider.ts';
import { MAX_BATCH_BYTES } from '../../webhook/request.ts';
import type { HmacDescriptor } from '../../webhook/verify/hmac-descriptor.ts';

/** The signed text is the body and then the time stamp, with nothing between. @see https://documentation.bamboohr.com/docs/webhooks */
export const BAMBOOHR: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'x-bamboohr-signature', format: 'bare', encoding: 'hex' },
  key: { encoding: 'utf8' },
  content: '{body}{timestamp}',
  timestamp: { header: 'x-bamboohr-timestamp', unit: 'auto', toleranceSec: 300, semantics: 'unknown' },
};

const KINDS: KindTable = {
  'employee.created': 'upsert',
  'employee.updated': 'upsert',
  'employee.deleted': 'remove',
  'employee_with_fields.created': 'upsert',
  'employee_with_fields.updated': 'upsert',
  'employee_with_fields.deleted': 'remove',
  Created: 'upsert',
  Updated: 'upsert',
  Deleted: 'remove',
};

/**
 * BambooHR, both structures, as JSON or as a form. Event-based ones name the employee and what changed; field-based ones
 * bring the fields that were chosen, under the names of BambooHR's screens.
 */
export const webhook: WebhookProvider = {
  verifier: ({ enforceTimestamp = false }) => ({
    kind: 'hmac',
    descriptor: {
      ...BAMBOOHR,
      // Retries come up to 40 minutes later, and nobody says whether with the stamp of the first attempt.
      ...compact({
        timestamp:
          BAMBOOHR.timestamp === undefined ? undefined : { ...BAMBOOHR.timestamp, enforce: enforceTimestamp },
      }),
    },
  }),
  format: 'json-or-form',
  // A change of many employees comes in one body.
  maxBytes: MAX_BATCH_BYTES,
  maxItems: 20_000,
  statuses: { body: '' },
  read: ({ body, settings }) => {
    if (!body.has('employees')) return [readEvent(body, settings)];
    return body
      .list('employees')
      .map((employee) => readEmployee(employee, employee.text('action'), settings));
  },
};

function readEvent(body: JsonView, settings: Delivery['settings']): Item {
  const type = body.text('type');
  const data = body.at('data');
  if (data.has('fields')) return readEmployee(data, type, settings, body.text('timestamp'));
  const kind = kindOf(settings, type, KINDS);
  if (type === undefined || kind === undefined) return ignored(type);
  return thinItem(kind, type, data.text('employeeId'), { occurredAt: isoOf(body.text('timestamp')) });
}

function readEmployee(
  employee: JsonView,
  type: string | undefined,
  settings: Delivery['settings'],
  timestamp = employee.text('timestamp'),
): Item {
  const kind = kindOf(settings, type, KINDS);
  if (type === undefined || kind === undefined) return ignored(type);
  const fields = fieldsOf(employee.at('fields').value);
  const status = fields('status', 'employmentstatus');
  const email = fields('workemail', 'email');
  const userName = email ?? fields('username');
  return eventItem({
    kind,
    type,
    subject: compact({ id: employee.text('id') ?? employee.text('employeeId'), userName, email }),
    ...compact({
      person:
        kind === 'remove'
          ? undefined
          : attributesOf({
              userName,
              email,
              givenName: fields('preferredname', 'firstname'),
              familyName: fields('lastname'),
              displayName: fields('displayname'),
              title: fields('jobtitle'),
              department: fields('department'),
              division: fields('division'),
              employeeNumber: fields('employeenumber', 'employee'),
              phone: fields('workphone'),
              mobile: fields('mobilephone'),
              active: status === undefined ? undefined : !/^(inactive|terminated)$/i.test(status),
            }),
    }),
    completeness: 'partial',
    ...compact({ occurredAt: isoOf(timestamp) }),
  });
}

/** By name without regard to case, blanks and signs: `First Name`, `firstName` and `first_name` are one. */
function fieldsOf(value: unknown): (...names: string[]) => string | undefined {
  const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
  const known = new Map(
    entries.map(([name, field]) => [name.toLowerCase().replace(/[^a-z]/g, ''), jsonView(field)]),
  );
  return (...names) => {
    for (const name of names) {
      const text = known.get(name)?.text('') ?? known.get(name)?.text('value');
      if (text !== undefined) return text;
    }
    return undefined;
  };
}
