import { createHmac } from 'node:crypto';
import { openWorkOs, workOsEvent } from '../../../local/providers/workos.ts';
import type { Delivery, Vendor } from './vendor.ts';

const KEY = 'workos-api-key';
const SECRET = 'workos-webhook-secret';

/** A directory of WorkOS: whole persons, signed. */
export function workOs(name: string, now: () => number): Vendor {
  const api = openWorkOs(now, KEY);
  const { people } = api;
  let sent = 0;
  return {
    name,
    host: 'api.workos.com',
    api,
    secrets: { [name]: [SECRET], [`${name}.fetch`]: [KEY] },
    join: (joiner) => people.add(joiner),
    move: (id, department) => people.change(id, { department }),
    leave: (id) => people.change(id, { isActive: false }),
    return: (id) => people.change(id, { isActive: true }),
    delete: (id) => people.delete(id),
    events: () => {
      const from = sent;
      sent = people.changes.length;
      return people.changes.slice(from).map((changed, index): Delivery => {
        const event = workOsEvent(changed, from + index);
        const body = JSON.stringify(event);
        return {
          account: changed.id,
          what: `${event.event} ${changed.id} ${changed.employee.email}`,
          happenedAt: Date.parse(changed.at),
          isWhole: true,
          request: (at) => ({ headers: { 'workos-signature': signatureOf(body, at) }, body }),
        };
      });
    },
  };
}

/** @see https://workos.com/docs/events/data-syncing/webhooks */
function signatureOf(body: string, at: number): string {
  const signature = createHmac('sha256', SECRET).update(`${at}.${body}`).digest('hex');
  return `t=${at}, v1=${signature}`;
}
