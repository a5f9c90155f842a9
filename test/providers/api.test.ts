import { describe, expect, it } from 'vitest';
import { confirmPending, dismissPending, listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import { providers } from '../../functions/providers/registry.ts';
import { accept } from '../../functions/provision/accept.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import type { HttpRequest, HttpResponse } from '../../functions/runtime/transport.ts';
import { workPendingEvents } from '../../functions/sources/pending-work.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { demoTenant } from '../mapping/demo.ts';
import { openHooks, SECONDS, SECRET, sign } from '../webhook/hooks.ts';
import { fixture, textOf } from '../webhook/providers.ts';

const TEXT = 'a-secret-of-some-length';
const FETCHING = { people: { preset: 'bamboohr', fetch: { companyDomain: 'acme' } } };
const { person } = fixture('bamboohr') as { person: Record<string, unknown> };

const ok = (value: unknown): HttpResponse => ({ status: 200, headers: {}, body: JSON.stringify(value) });
const status = (code: number, headers: Record<string, string> = {}): HttpResponse => ({
  status: code,
  headers,
  body: '{}',
});

function open(
  provider: (request: HttpRequest) => HttpResponse,
  secrets: object = { 'people.fetch': ['key'] },
) {
  const hooks = openHooks({ sources: FETCHING, secrets: { people: [TEXT], ...secrets }, provider });
  const sources = { people: sourceSchema.parse(FETCHING.people) };
  const provisioning = openTenant('demo', { ...demoTenant(), sources }, hooks.services);
  return {
    ...hooks,
    say: (step: string) => {
      const body = textOf(fixture('bamboohr')[step]);
      const headers = {
        'x-bamboohr-timestamp': String(SECONDS),
        'x-bamboohr-signature': sign.hex(TEXT, body + SECONDS),
      };
      return hooks.send('people', { headers, body });
    },
    work: () => workPendingEvents(providers, provisioning, hooks.services, hooks.clock.now() + 60_000),
    held: async () => (await listAwaitingConfirmation(hooks.services, 'demo', { limit: 10 })).events,
  };
}

describe('a thin event', () => {
  it('calls nobody in the request, and is one reading however many come', async () => {
    const hooks = open(() => ok(person));
    await hooks.say('create');
    await hooks.say('update');
    await hooks.say('leave');
    expect(hooks.calls).toEqual([]);
    expect(hooks.rung.length).toBeGreaterThan(0);
    expect(await hooks.work()).toEqual({ done: 1 });
    expect(hooks.calls).toHaveLength(1);
    expect(hooks.calls[0]).toMatchObject({
      url: expect.stringContaining('https://acme.bamboohr.com/api/v1/employees/67890?fields='),
      headers: { authorization: `Basic ${Buffer.from('key:x').toString('base64')}` },
    });
  });

  it('about somebody who is not there yet is tried again', async () => {
    let tries = 0;
    const hooks = open(() => {
      tries += 1;
      return tries === 1 ? status(404) : ok(person);
    });
    await hooks.say('create');
    const { nextAt } = await hooks.work();
    expect(await hooks.stored()).toEqual([]);
    expect(nextAt).toBeGreaterThan(hooks.clock.now());
    hooks.clock.advance(5_000);
    await hooks.work();
    expect((await hooks.stored()).map(({ person: { userName } }) => userName)).toEqual([
      'bryony@bamboo.example',
    ]);
  });

  it('about a leaver whom the provider no longer knows puts them out of service', async () => {
    let gone = false;
    const hooks = open(() => (gone ? status(404) : ok(person)));
    await hooks.say('create');
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['bryony@bamboo.example']);
    hooks.clock.advance(20 * 60_000);
    gone = true;
    await hooks.say('remove');
    for (let minutes = 0; minutes < 5; minutes += 1) {
      await hooks.settle();
      hooks.clock.advance(60_000);
    }
    expect(hooks.agents()).toEqual({ active: [], suspended: ['bryony@bamboo.example'] });
  });

  it('keeps somebody in service whom a provider in trouble does not say anything about', async () => {
    let down = false;
    const hooks = open(() => (down ? status(500) : ok(person)));
    await hooks.say('create');
    await hooks.settle();
    down = true;
    await hooks.say('remove');
    for (let hours = 0; hours < 30; hours += 1) {
      await hooks.settle();
      hooks.clock.advance(3_600_000);
    }
    expect(hooks.agents().active).toEqual(['bryony@bamboo.example']);
    expect(hooks.numbers.of('SourceFailed')).toEqual({ fetch: 1 });
    expect(await hooks.held()).toHaveLength(1);
  });

  it('waits as long as a provider that throttles asks for', async () => {
    const hooks = open(() => status(429, { 'retry-after': '120' }));
    await hooks.say('create');
    const { nextAt } = await hooks.work();
    expect(nextAt).toBe(hooks.clock.now() + 120_000);
  });

  it('is not read every second because a provider that throttles says so', async () => {
    const hooks = open(() => status(429, { 'retry-after': '1' }));
    await hooks.say('create');
    const began = hooks.clock.now();
    for (let tries = 0; tries < 20; tries += 1) {
      const { nextAt = 0 } = await hooks.work();
      hooks.clock.advance(nextAt - hooks.clock.now());
    }
    expect(hooks.calls).toHaveLength(20);
    expect(hooks.clock.now() - began).toBeGreaterThan(15 * 60_000);
    expect(await hooks.held()).toEqual([]);
  });

  it.each([
    ['credentials that are refused', () => status(401), undefined],
    ['credentials that are missing', () => ok(person), {}],
  ])(
    'with %s is tried once more, then waits for a hand, and comes back with the next event',
    async (_, provider, secrets) => {
      const hooks = open(provider, secrets ?? { 'people.fetch': ['key'] });
      await hooks.say('create');
      await hooks.work();
      expect(await hooks.held()).toEqual([]);
      hooks.clock.advance(5_000);
      expect(await hooks.work()).toEqual({ done: 1 });
      expect(await hooks.held()).toHaveLength(1);
      expect(JSON.stringify(hooks.logged)).not.toContain('key:x');
      await hooks.say('update');
      expect(await hooks.held()).toEqual([]);
    },
  );

  it('is read with a key that was changed meanwhile', async () => {
    let key = 'key';
    const hooks = open(({ headers }) =>
      headers.authorization === `Basic ${Buffer.from(`${key}:x`).toString('base64')}`
        ? ok(person)
        : status(401),
    );
    await hooks.say('create');
    await hooks.work();
    key = 'newer';
    const sources = { people: [TEXT], 'people.fetch': ['newer'] };
    hooks.secrets.set(SECRET, JSON.stringify({ sources }));
    await hooks.say('leave');
    await hooks.work();
    hooks.clock.advance(5_000);
    expect(await hooks.work()).toEqual({ done: 1 });
    expect(await hooks.held()).toEqual([]);
    expect(hooks.calls).toHaveLength(3);
  });

  it('about somebody who begins later waits for the day', async () => {
    const hooks = open(() => ok({ ...person, hireDate: '2026-12-24' }));
    await hooks.say('create');
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
    hooks.clock.advance(40 * 86_400_000);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['bryony@bamboo.example']);
  });

  it('about somebody whose last day is known puts them out of service on it', async () => {
    const hooks = open(() => ok({ ...person, terminationDate: '2026-12-24' }));
    await hooks.say('create');
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['bryony@bamboo.example']);
    hooks.clock.advance(40 * 86_400_000);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
  });
});

describe('a person who was read', () => {
  it('begins on the first day and ends on the last, where both are known', async () => {
    const days = { hireDate: '2026-12-24', terminationDate: '2027-01-31' };
    const hooks = open(() => ok({ ...person, ...days }));
    await hooks.say('create');
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
    hooks.clock.advance(40 * 86_400_000);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['bryony@bamboo.example']);
    hooks.clock.advance(40 * 86_400_000);
    await hooks.settle();
    expect(hooks.agents()).toEqual({ active: [], suspended: ['bryony@bamboo.example'] });
  });

  it('and can not be taken waits for a hand, with the reason', async () => {
    let workEmail = person.workEmail;
    const hooks = open(() => ok({ ...person, workEmail }));
    await accept('demo', hooks.services, {
      person: { userName: 'other@bamboo.example' },
      source: 'scim',
      priority: 0,
    });
    await hooks.say('create');
    await hooks.work();
    workEmail = 'other@bamboo.example';
    await hooks.say('update');
    await hooks.work();
    hooks.clock.advance(5_000);
    await hooks.work();
    expect(await hooks.held()).toMatchObject([{ body: { lastError: expect.stringContaining('userName') } }]);
    expect(hooks.numbers.of('SourceFailed')).toEqual({ fetch: 1 });
  });
});

describe('a leaver whom nobody signed for', () => {
  const auth0 = async () => {
    const hooks = openHooks({ sources: { a: { preset: 'auth0' } }, secrets: { a: [TEXT] } });
    const say = (step: string) =>
      hooks.send('a', { headers: { authorization: `Bearer ${TEXT}` }, body: fixture('auth0')[step] });
    await say('create');
    await hooks.settle();
    await say('block');
    await hooks.settle();
    const [pending] = (await listAwaitingConfirmation(hooks.services, 'demo', { limit: 10 })).events;
    return { ...hooks, id: pending?.id ?? '' };
  };

  it('leaves when a hand confirms it', async () => {
    const { services, id, settle, agents } = await auth0();
    expect(agents().active).toEqual(['nick@example.com']);
    expect(await confirmPending(services, 'demo', id)).toMatchObject({ outcome: 'stored' });
    await settle();
    expect(agents()).toEqual({ active: [], suspended: ['nick@example.com'] });
    expect(await confirmPending(services, 'demo', id)).toBeUndefined();
  });

  it('stays when a hand dismisses it', async () => {
    const { services, id, settle, agents } = await auth0();
    expect(await dismissPending(services, 'demo', id)).toBe(true);
    await settle();
    expect(agents().active).toEqual(['nick@example.com']);
    expect(await dismissPending(services, 'demo', id)).toBe(false);
  });
});
