import { randomBytes } from 'node:crypto';
import { type SourceSettings, sourceSchema } from '../../functions/tenant/sources.ts';
import { Okta } from './okta.ts';
import { serveStandIn } from './stand-in.ts';

/** Name of the source, which is not that of a delivery. */
export const SOURCE = 'people';

/** An organization of Okta that loses webhooks, for the demo. */
export interface LostWebhooks {
  readonly source: SourceSettings;
  readonly secrets: Readonly<Record<string, readonly string[]>>;
  /** E-mail addresses of the people there are. */
  readonly emails: readonly string[];
  /** One person joins and another one leaves, and neither event arrives. */
  lose(): { readonly joiner: string; readonly leaver: string };
  close(): Promise<void>;
}

/** Opens an organization with so many people on a free port. */
export async function openLostWebhooks(people: number): Promise<LostWebhooks> {
  const [token, secret] = [randomBytes(24).toString('hex'), randomBytes(24).toString('hex')];
  const okta = new Okta({ now: Date.now, token, hook: () => {} });
  // None of its events arrives.
  okta.loses = () => true;
  const join = (number: number) => {
    const email = `person-${number}@acme.example`;
    okta.add({
      login: email,
      email,
      firstName: `Person ${number}`,
      lastName: 'Acme',
      department: 'Billing',
      primaryPhone: '+1 202 555 0100',
    });
    return email;
  };
  const emails = Array.from({ length: people }, (_, index) => join(index + 1));
  const served = await serveStandIn(okta);
  return {
    source: sourceSchema.parse({ preset: 'okta-event-hook', fetch: { baseUrl: served.url }, sync: {} }),
    secrets: { [SOURCE]: [secret], [`${SOURCE}.fetch`]: [token] },
    emails,
    lose: () => {
      const [leaver = ''] = okta.users.keys();
      okta.deactivate(leaver);
      return { joiner: join(people + 1), leaver: emails[0] ?? '' };
    },
    close: () => served.close(),
  };
}
