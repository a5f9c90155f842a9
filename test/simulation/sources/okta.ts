import { createHmac } from 'node:crypto';
import { Okta, type OktaOptions } from '../../../local/providers/okta.ts';
import type { Delivery, Vendor } from './vendor.ts';

const TOKEN = 'okta-api-token';

/** A signature over a fixed text is no word about the body, and in Okta's header just another fixed text. */
export const SIGNED_TEXT = 'okta';
const KEY = 'okta-key';
const HEADER = createHmac('sha256', KEY).update(SIGNED_TEXT).digest('hex');

type LogEvent = Parameters<NonNullable<OktaOptions['hook']>>[0];

/** An organization of Okta: ids and logins, unsigned, so that each person has to be read. */
export function okta(name: string, now: () => number): Vendor {
  let events: LogEvent[] = [];
  let made = 0;
  const organization = new Okta({
    now,
    token: TOKEN,
    hook: (event) => void events.push(event),
    uuid: () => {
      made += 1;
      return `okta-event-${made}`;
    },
  });
  const of = (id: string) => organization.users.get(id);
  return {
    name,
    host: 'acme.okta.com',
    api: organization,
    secrets: { [name]: [HEADER, KEY], [`${name}.fetch`]: [TOKEN] },
    join: ({ email, givenName, familyName, department, phone = '', employeeNumber = '' }) =>
      organization.add({
        login: email,
        email,
        firstName: givenName,
        lastName: familyName,
        department,
        primaryPhone: phone,
        employeeNumber,
      }),
    move: (id, department) => organization.change(id, { department }),
    leave: (id) => {
      // Both are ways out.
      if (Number(id.slice(-1)) % 2 === 0) organization.suspend(id);
      else organization.deactivate(id);
    },
    // https://developer.okta.com/docs/api/openapi/okta-management/management/tag/User/#tag/User/operation/listUsers
    lists: (id) => of(id)?.status !== 'DEPROVISIONED',
    return: (id) => organization.activate(id),
    delete: (id) => {
      // Only who is deactivated can be deleted.
      if (of(id)?.status !== 'DEPROVISIONED') organization.deactivate(id);
      organization.delete(id);
    },
    events: () => {
      const sent = events;
      events = [];
      return sent.map((event): Delivery => oktaDelivery(event));
    },
  };
}

/** An event as the hook brings it; any holder of the header's text can send one. */
export function oktaDelivery(event: LogEvent): Delivery {
  const { eventType, published, target } = event;
  const account = String(target[0]?.id);
  const body = JSON.stringify({ eventType: 'com.okta.event_hook', data: { events: [event] } });
  return {
    account,
    what: `${eventType} ${account} ${String(target[0]?.alternateId)}`,
    happenedAt: Date.parse(published),
    isWhole: false,
    request: () => ({ headers: { authorization: HEADER }, body }),
  };
}
