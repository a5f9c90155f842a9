import { describe, expect, it } from 'vitest';
import { listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import { providers } from '../../functions/providers/registry.ts';
import { accept } from '../../functions/provision/accept.ts';
import type { Services } from '../../functions/provision/services.ts';
import { signupHandler } from '../../functions/signup/handler.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { demoTenant } from '../mapping/demo.ts';
import { contextWith } from '../scim/event.ts';
import { openHooks } from '../webhook/hooks.ts';
import { fixture } from '../webhook/providers.ts';

const SOURCES = {
  signup: { preset: 'cognito', userPoolId: 'eu-west-1_x' },
  auth0: { preset: 'auth0', eventSource: 'aws.partner/auth0.com/acme-1/auth0.logs' },
  okta: { preset: 'okta-event-hook', eventSource: 'aws.partner/okta.com/acme/stream' },
};

function open(change: (services: Services) => Partial<Services> = () => ({})) {
  const hooks = openHooks({ sources: SOURCES });
  const sources = Object.fromEntries(
    Object.entries(SOURCES).map(([name, each]) => [name, sourceSchema.parse(each)]),
  );
  // A caller that waits here waits for ever: what is stored is stored before.
  const clock = { now: () => hooks.clock.now(), sleep: () => new Promise<void>(() => {}) };
  const services = { ...hooks.services, clock, ...change(hooks.services) };
  const handle = signupHandler({ tenants: { demo: { ...demoTenant(), sources } } }, services, providers);
  return { ...hooks, handle: (event: unknown) => handle(event, contextWith()) };
}

describe("Cognito's trigger", () => {
  it('makes an agent of somebody who has signed up, and gets its event back', async () => {
    const { handle, settle, agents, person } = open();
    const { create } = fixture('cognito');
    expect(await handle(create)).toEqual(create);
    await settle();
    expect(agents().active).toEqual(['cora@cognito.example']);
    expect((await person('cora@cognito.example'))?.person.name).toEqual({
      givenName: 'Cora',
      familyName: 'Nito',
    });
  });

  it('gets its event back when the directory fails, and an alarm is raised', async () => {
    const { handle, numbers } = open((services) => ({
      directory: {
        ...services.directory,
        createPerson: async () => {
          throw new Error('the table is away');
        },
      },
    }));
    const { create } = fixture('cognito');
    expect(await handle(create)).toEqual(create);
    expect(numbers.of('SourceFailed')).toEqual({ 'sign-up': 1 });
  });

  it('gets its event back in time when the directory hangs', async () => {
    let waited = 0;
    const { handle, logged } = open((services) => ({
      directory: { ...services.directory, findPerson: () => new Promise(() => {}) },
      clock: {
        now: () => services.clock.now(),
        sleep: async (milliseconds) => {
          waited = milliseconds;
        },
      },
    }));
    const { create } = fixture('cognito');
    expect(await handle(create)).toEqual(create);
    expect(waited).toBeGreaterThan(0);
    expect(waited).toBeLessThan(5_000);
    expect(logged.join()).toContain('not stored within');
  });

  it.each([
    ['a password that was reset', { triggerSource: 'PostConfirmation_ConfirmForgotPassword' }],
    ['a pool that is not configured', { userPoolId: 'eu-west-1_other' }],
  ])('of %s changes nothing', async (_, change) => {
    const { handle, stored } = open();
    const event = { ...(fixture('cognito').create as object), ...change };
    expect(await handle(event)).toEqual(event);
    expect(await stored()).toEqual([]);
  });

  it('that comes three times makes one agent', async () => {
    const { handle, settle, agents } = open();
    for (let times = 0; times < 3; times += 1) await handle(fixture('cognito').create);
    await settle();
    expect(agents().active).toEqual(['cora@cognito.example']);
  });
});

describe('a sign-up by phone that claims the address of a person who has left', () => {
  it('changes nothing and nobody, and waits for a word', async () => {
    const { handle, settle, agents, stored, services } = open();
    const person = {
      userName: 'cora@cognito.example',
      emails: [{ value: 'cora@cognito.example', primary: true }],
      active: false,
    };
    await accept('demo', services, { person, source: 'scim', priority: 0 });
    await settle();
    const before = await stored();
    const { create } = fixture('cognito') as { create: { request: { userAttributes: object } } };
    const userAttributes = {
      ...create.request.userAttributes,
      email_verified: 'false',
      phone_number: '+49301234567',
      phone_number_verified: 'true',
      'custom:department': 'Billing',
    };
    await handle({ ...create, request: { userAttributes } });
    await settle();
    expect(await stored()).toEqual(before);
    expect(agents().active).toEqual([]);
    const { events } = await listAwaitingConfirmation(services, 'demo', { limit: 9 });
    expect(events).toMatchObject([{ body: { why: expect.stringContaining('verified'), lapses: true } }]);
  });
});

describe('EventBridge', () => {
  it("puts somebody out of service whom an administrator disables in Cognito's console", async () => {
    const { handle, settle, agents } = open();
    await handle(fixture('cognito').create);
    await settle();
    await handle(fixture('cognito').leave);
    await settle();
    expect(agents()).toEqual({ active: [], suspended: ['cora@cognito.example'] });
  });

  const bus = (source: string, detail: unknown) => ({ version: '0', 'detail-type': 'x', source, detail });

  it('brings people of Auth0, who leave as they came', async () => {
    const { handle, settle, agents } = open();
    const { create, leave } = fixture('auth0');
    await handle(bus(SOURCES.auth0.eventSource, create));
    await settle();
    expect(agents().active).toEqual(['nick@example.com']);
    await handle(bus(SOURCES.auth0.eventSource, leave));
    await settle();
    expect(agents().active).toEqual([]);
  });

  it('brings people of Okta, one log event at a time', async () => {
    const { handle, settle, agents } = open();
    const { create } = fixture('okta-event-hook') as { create: { data: { events: unknown[] } } };
    await handle(bus(SOURCES.okta.eventSource, create.data.events[0]));
    await settle();
    expect(agents().active).toEqual(['john.doe@example.com']);
  });

  it("takes nothing from another partner's bus, or one of Auth0 that isn't ours", async () => {
    const { handle, stored } = open();
    for (const source of [
      'aws.partner/auth0.com/evil/auth0.logs',
      'aws.partner/okta.com/acme',
      'com.evil',
      'auth0',
    ]) {
      await handle(bus(source, fixture('auth0').create));
    }
    expect(await stored()).toEqual([]);
  });

  it('is asked to bring again what could not be stored', async () => {
    const { handle } = open((services) => ({
      directory: {
        ...services.directory,
        createPerson: async () => {
          throw new Error('the table is away');
        },
      },
    }));
    await expect(handle(bus(SOURCES.auth0.eventSource, fixture('auth0').create))).rejects.toThrow(
      'the table is away',
    );
  });
});

describe('a pool of plain user names', () => {
  const CORA = 'cora@cognito.example';
  const { create, leave } = fixture('cognito') as { create: object; leave: { detail: object } };

  it('has one person in its triggers, which name, and in CloudTrail, which has the sub', async () => {
    const { handle, settle, agents } = open();
    await handle({ ...create, userName: 'cora' });
    await settle();
    expect(agents().active).toEqual([CORA]);
    await handle(leave);
    await settle();
    expect(agents()).toEqual({ active: [], suspended: [CORA] });
  });

  const disabled = (username: string, sub: string) => ({
    ...leave,
    detail: {
      ...leave.detail,
      requestParameters: { username, userPoolId: 'eu-west-1_x' },
      additionalEventData: { sub },
    },
  });

  it('finds a person whom version 0.1.0 linked by the name', async () => {
    const { handle, settle, agents, services } = open();
    await accept('demo', services, {
      person: { userName: CORA, emails: [{ value: CORA }], name: { givenName: 'Cora', familyName: 'Nito' } },
      source: 'signup',
      priority: 0,
      links: { signup: { id: 'cora', isMaker: true } },
    });
    await settle();
    expect(agents().active).toEqual([CORA]);
    await handle(disabled('cora', '11111111-0000-4000-8000-000000000009'));
    await settle();
    expect(agents()).toEqual({ active: [], suspended: [CORA] });
  });

  it("takes no name that looks like another person's sub for it", async () => {
    const { handle, settle, agents } = open();
    await handle(create);
    await settle();
    await handle(disabled('8f3a2b1c-0000-4000-8000-000000000001', '11111111-0000-4000-8000-000000000009'));
    await settle();
    expect(agents().active).toEqual([CORA]);
  });
});
