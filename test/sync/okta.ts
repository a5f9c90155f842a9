import { Okta } from '../../local/providers/okta.ts';
import { openSyncWorld, type SyncWorld, type SyncWorldOptions } from './world.ts';

export const TOKEN = 'okta-api-token';

export interface OktaWorld extends SyncWorld {
  readonly okta: Okta;
}

/** A tenant that reads an organization of Okta, with so many people in it. */
export function openOktaWorld(
  people: number,
  source: Readonly<Record<string, unknown>> = {},
  tenant: SyncWorldOptions['tenant'] = {},
): OktaWorld {
  let okta: Okta | undefined;
  const world = openSyncWorld({
    source: { preset: 'okta-event-hook', fetch: { domain: 'acme.okta.com' }, sync: {}, ...source },
    credentials: [TOKEN],
    standIn: (clock) => {
      okta = new Okta({ now: () => clock.now(), token: TOKEN });
      for (let number = 1; number <= people; number += 1) okta.add(profileOf(number));
      return okta;
    },
    tenant,
  });
  if (okta === undefined) throw new Error('no stand-in');
  return { ...world, okta };
}

export function profileOf(number: number) {
  const login = `person-${number}@acme.test`;
  return {
    login,
    email: login,
    firstName: `Given ${number}`,
    lastName: `Family ${number}`,
    department: number % 2 === 0 ? 'Billing' : 'Support',
  };
}
