import { describe, expect, it } from 'vitest';
import { listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import type { AuthenticatedEvent } from '../../functions/events/event.ts';
import { storeFetch } from '../../functions/events/pending.ts';
import { accept } from '../../functions/provision/accept.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { FetchError, type Fetched, type FetchedGroup } from '../../functions/sources/fetcher.ts';
import { workPendingEvents } from '../../functions/sources/pending-work.ts';
import type { SourceProviders } from '../../functions/sources/provider.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { demoTenant } from '../mapping/demo.ts';
import { openHooks } from '../webhook/hooks.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const ADA = 'ada@example.com';

type Found = Extract<Fetched, { outcome: 'found' }>;

const found = (person: object = {}, more: Partial<Found> = {}): Found => ({
  outcome: 'found',
  person: { userName: ADA, emails: [{ value: ADA, primary: true }], active: true, ...person },
  ...more,
});
const NOT_FOUND = { outcome: 'not-found' } as const;

interface World {
  readonly source?: object;
  readonly isRead?: boolean;
  readonly readsGroups?: boolean;
}

/** A tenant whose source `people` says of a person, and of a group, what a test wants it to say. */
function open({ source = {}, isRead = true, readsGroups = true }: World = {}) {
  const configured = { preset: 'workos', ...source };
  const hooks = openHooks({ sources: { people: configured } });
  const { services, clock, directory } = hooks;
  const says: { person: Fetched | Error; group: FetchedGroup } = { person: found(), group: NOT_FOUND };
  const asked: string[] = [];
  const providers = {
    canRead: () => isRead,
    reader: async () =>
      isRead
        ? async ({ id = '' }) => {
            asked.push(id);
            if (says.person instanceof Error) throw says.person;
            return says.person;
          }
        : undefined,
    groupReader: async () => (readsGroups ? async () => says.group : undefined),
  } as unknown as SourceProviders;
  const sources = { people: sourceSchema.parse(configured) };
  const provisioning = openTenant('demo', { ...demoTenant(), sources }, services);
  const say = (event: Partial<AuthenticatedEvent> = {}) =>
    storeFetch(services, 'demo', {
      source: 'people',
      trust: 'signed',
      kind: 'upsert',
      type: 'user.changed',
      subject: { id: '1' },
      completeness: 'thin',
      occurredAt: new Date(clock.now()).toISOString(),
      ...event,
    });
  const work = (until = clock.now() + HOUR_MS, signal?: AbortSignal) =>
    workPendingEvents(providers, provisioning, services, until, signal);
  return {
    ...hooks,
    says,
    asked,
    say,
    work,
    /** Says something and works it off, as often as a person has to be missing to count as not there. */
    told: async (event: Partial<AuthenticatedEvent> = {}) => {
      await say(event);
      for (let times = 0; times < 3; times += 1) {
        await work();
        clock.advance(MINUTE_MS);
      }
    },
    ada: async () => (await directory.findPerson('demo', { attribute: 'userName', value: ADA }))[0],
    isActive: async () => (await hooks.person(ADA))?.person.active,
    groups: async () => {
      const [record] = await directory.findPerson('demo', { attribute: 'userName', value: ADA });
      const all = record === undefined ? [] : await directory.groupsOf('demo', record.id);
      return all.map(({ display }) => display).toSorted();
    },
    waiting: async () => (await listAwaitingConfirmation(services, 'demo', { limit: 10 })).events,
  };
}

describe('pending events', () => {
  it('are begun while there is time, and not a moment later', async () => {
    const { say, work, asked, clock } = open();
    await say();
    expect(await work(clock.now())).toMatchObject({ done: 0, nextAt: clock.now() });
    expect(asked).toEqual([]);
    expect(await work(clock.now() + 1)).toEqual({ done: 1 });
    expect(asked).toEqual(['1']);
  });

  it('are left alone once their function has to end, also between two of them', async () => {
    const { say, work, asked, says, clock } = open();
    const ending = new AbortController();
    says.person = NOT_FOUND;
    for (const id of ['1', '2', '3']) await say({ subject: { id } });
    Object.defineProperty(says, 'person', {
      get: () => {
        ending.abort();
        return found();
      },
    });
    expect(await work(undefined, ending.signal)).toMatchObject({ done: 1, nextAt: clock.now() });
    expect(asked).toHaveLength(1);
    expect(await work(undefined, ending.signal)).toMatchObject({ done: 0 });
  });

  it('that two functions see make one person', async () => {
    const { say, work, stored } = open();
    await say();
    await Promise.all([work(), work()]);
    expect(await stored()).toHaveLength(1);
    expect(await work()).toEqual({ done: 0 });
  });

  it('that come while one is worked off are not lost', async () => {
    const { say, work, asked, says } = open();
    await say();
    let isFirst = true;
    Object.defineProperty(says, 'person', {
      get: () => {
        if (isFirst) void say({ occurredAt: '2027-01-01T00:00:00Z' });
        isFirst = false;
        return found();
      },
    });
    expect(await work()).toEqual({ done: 2 });
    expect(asked).toEqual(['1', '1']);
  });

  it('of a source that is no longer configured have nothing to say', async () => {
    const { say, work, asked } = open();
    await say({ source: 'former' });
    expect(await work()).toEqual({ done: 1 });
    expect(asked).toEqual([]);
    expect(await work()).toEqual({ done: 0 });
  });

  it('of a source that is no longer read wait for an operator, with the reason', async () => {
    const { say, told, waiting, ada } = open({ isRead: false });
    await told();
    expect(await waiting()).toMatchObject([
      { body: { lastError: expect.stringContaining('no longer configured (fetch)') } },
    ]);
    expect(await ada()).toBeUndefined();
    await say();
    expect(await waiting()).toEqual([]);
  });

  it('are tried again later each time, and wait for an operator after a day', async () => {
    const { say, work, says, clock, waiting, numbers } = open();
    says.person = new FetchError('answered 500', { status: 500 });
    await say();
    const waits: number[] = [];
    for (;;) {
      const { nextAt } = await work(clock.now() + 1);
      if (nextAt === undefined) break;
      waits.push((nextAt - clock.now()) / 1_000);
      clock.advance(nextAt - clock.now());
    }
    expect(waits).toEqual([2, 10, 60, 300, 900, 3_600, 14_400, 43_200]);
    expect(await waiting()).toMatchObject([{ body: { attempts: 9, lastError: 'answered 500' } }]);
    expect(numbers.of('SourceFailed')).toEqual({ fetch: 1 });
  });

  it('that fail for our own fault are put off as well, and stop no other', async () => {
    const { say, work, asked, says, clock } = open();
    says.person = new Error('our own');
    await say({ subject: { id: '1' } });
    await say({ subject: { id: '2' } });
    expect(await work(clock.now() + 1)).toEqual({ done: 2, nextAt: clock.now() + 2_000 });
    expect(asked).toEqual(['1', '2']);
  });

  it.each([
    [500, 0, 2_000],
    [90_000, 0, 90_000],
    [500, 8, MINUTE_MS],
  ])(
    'of a provider that asks for %s ms wait so long, and longer after %s tries',
    async (retryAfterMs, tries, expected) => {
      const { say, work, says, clock } = open();
      says.person = new FetchError('answered 429', { status: 429, retryAfterMs });
      await say();
      let wait = 0;
      for (let each = 0; each <= tries; each += 1) {
        const { nextAt = 0 } = await work(clock.now() + 1);
        wait = nextAt - clock.now();
        clock.advance(wait);
      }
      expect(wait).toBe(expected);
    },
  );
});

describe('a person who was read', () => {
  it('whose status is a word that is not known is not taken in', async () => {
    const { told, says, ada, waiting } = open();
    says.person = found({ active: undefined }, { unknownStatus: 'ODD' });
    await told();
    expect(await ada()).toBeUndefined();
    expect(await waiting()).toMatchObject([{ body: { lastError: 'the status "ODD" is not known' } }]);
  });

  it('whose status is a word that is not known leaves by the word of the event', async () => {
    const { told, says, isActive } = open();
    await told();
    expect(await isActive()).toBe(true);
    says.person = found({ active: undefined }, { unknownStatus: 'ODD' });
    await told({ kind: 'suspend' });
    expect(await isActive()).toBe(false);
  });

  it.each([
    ['suspend', { out: { since: expect.any(String) } }],
    ['unassign', { unassigned: { since: expect.any(String) } }],
    ['remove', { out: { since: expect.any(String) } }],
  ] as const)('and says nothing of the status leaves as the event said: %s', async (kind, link) => {
    const { told, says, ada } = open();
    await told();
    says.person = found({ active: undefined });
    await told({ kind });
    expect((await ada())?.links?.people).toMatchObject(link);
    expect((await ada())?.person.active).toBe(false);
  });

  it.each(['suspend', 'unassign', 'remove'] as const)(
    'and is in service stays, whatever the event said: %s',
    async (kind) => {
      const { told, isActive } = open();
      await told();
      await told({ kind });
      expect(await isActive()).toBe(true);
    },
  );

  it('and says nothing of the status stays where the event was about something else', async () => {
    const { told, says, isActive } = open();
    await told();
    says.person = found({ active: undefined });
    await told();
    expect(await isActive()).toBe(true);
  });

  it('does not leave by the word of any caller', async () => {
    const { told, says, isActive, waiting } = open();
    await told();
    says.person = found({ active: undefined });
    await told({ kind: 'suspend', trust: 'caller' });
    expect(await isActive()).toBe(true);
    expect(await waiting()).toMatchObject([{ body: { do: 'confirm', event: { kind: 'suspend' } } }]);
  });

  it('is known by the id that the provider has', async () => {
    const { told, says, ada } = open();
    says.person = found({}, { id: 'their-own' });
    await told({ subject: { email: ADA } });
    expect((await ada())?.links?.people?.id).toBe('their-own');
  });

  const SCOPED = {
    preset: 'okta-event-hook',
    fetch: { domain: 'd' },
    scope: { application: 'Contact Centre' },
  };

  it('is in the scope once assigned to the application, and by nothing else that an event says', async () => {
    const { told, ada } = open({ source: SCOPED });
    await told();
    await told({ kind: 'assign', group: { id: 'g', display: 'Football' } });
    expect((await ada())?.person.active).not.toBe(true);
    await told({ kind: 'assign' });
    expect((await ada())?.person.active).toBe(true);
  });

  it('is in the groups that the event named where the reading tells none', async () => {
    const { told, groups } = open();
    await told({ kind: 'assign', group: { id: 'g', display: 'Contact Centre' } });
    expect(await groups()).toEqual(['Contact Centre']);
    await told({ kind: 'unassign', group: { id: 'g', display: 'Contact Centre' } });
    expect(await groups()).toEqual([]);
  });

  it('is in all groups that events have named before the reading', async () => {
    const { say, told, groups, asked } = open();
    await say({ kind: 'assign', group: { id: 'f', display: 'Football' } });
    await told({ kind: 'assign', group: { id: 'g', display: 'Contact Centre' } });
    expect(await groups()).toEqual(['Contact Centre', 'Football']);
    expect(asked).toEqual(['1']);
  });

  it('is in the groups that the reading tells, whatever the event said', async () => {
    const { told, says, groups } = open();
    says.person = found({}, { groups: [{ id: 'c', display: 'Chess' }] });
    await told({ kind: 'assign', group: { id: 'g', display: 'Contact Centre' } });
    expect(await groups()).toEqual(['Chess']);
  });
});

describe('the days of a person who was read', () => {
  const dayAfter = (now: number, days: number) => new Date(now + days * DAY_MS).toISOString().slice(0, 10);

  it('begin the work, unless it is over', async () => {
    const { told, says, clock, ada, isActive, work } = open();
    says.person = found({}, { joinsAt: dayAfter(clock.now(), 3) });
    await told();
    expect(await ada()).toBeUndefined();
    clock.advance(3 * DAY_MS);
    await work();
    expect(await isActive()).toBe(true);
    // A second employment is ahead, the first is over: out is at once.
    says.person = found({ active: false }, { joinsAt: dayAfter(clock.now(), 30) });
    await told();
    expect(await isActive()).toBe(false);
  });

  it('that have passed are no days to wait for', async () => {
    const { told, says, clock, isActive } = open();
    says.person = found({}, { joinsAt: dayAfter(clock.now(), -30), leavesAt: dayAfter(clock.now(), -10) });
    await told();
    expect(await isActive()).toBe(true);
    clock.advance(30 * DAY_MS);
    await told();
    expect(await isActive()).toBe(true);
  });

  it('end the work, and an account that is closed when the last day is entered works until then', async () => {
    const { told, says, clock, isActive, work } = open();
    const leavesAt = dayAfter(clock.now(), 5);
    await told();
    says.person = found({ active: false }, { leavesAt, isOutAfterLastDay: true });
    await told();
    expect(await isActive()).toBe(true);
    clock.advance(7 * DAY_MS);
    await work();
    expect(await isActive()).toBe(false);
  });

  it('keep nobody in service whose status says out by itself', async () => {
    const { told, says, clock, isActive } = open();
    await told();
    says.person = found({ active: false }, { leavesAt: dayAfter(clock.now(), 5) });
    await told();
    expect(await isActive()).toBe(false);
  });

  it('end where the person works', async () => {
    const { told, says, clock, isActive, work } = open();
    says.person = found({ timezone: 'Pacific/Honolulu' }, { leavesAt: dayAfter(clock.now(), 1) });
    await told();
    const lastDay = Date.parse(dayAfter(clock.now(), 1));
    // The day is over in UTC, and for ten hours yet it isn't in Hawaii.
    clock.advance(lastDay + DAY_MS + 9 * HOUR_MS - clock.now());
    await work();
    expect(await isActive()).toBe(true);
    clock.advance(2 * HOUR_MS);
    await work();
    expect(await isActive()).toBe(false);
  });

  it('that can not be read wait for an operator, who is asked of joiners alone', async () => {
    const { told, says, ada, isActive, waiting } = open();
    says.person = found({}, { joinsAt: 'next spring' });
    await told();
    expect(await ada()).toBeUndefined();
    expect(await waiting()).toMatchObject([
      { body: { do: 'confirm', why: expect.stringContaining('next spring') } },
    ]);
    says.person = found();
    await told();
    expect(await isActive()).toBe(true);
    const before = (await waiting()).length;
    says.person = found({ title: 'Lead' }, { joinsAt: 'next spring' });
    await told();
    expect((await ada())?.person.title).toBe('Lead');
    expect(await waiting()).toHaveLength(before);
  });

  it('that can not be read bring nobody back who is out of service', async () => {
    const { told, says, isActive } = open();
    await told();
    says.person = found({ active: false });
    await told();
    says.person = found({}, { joinsAt: 'next spring' });
    await told();
    expect(await isActive()).toBe(false);
  });

  it('of which the last can not be read leave the person in service, and wait for an operator', async () => {
    const { told, says, isActive, waiting } = open();
    says.person = found({}, { leavesAt: 'next spring' });
    await told();
    expect(await isActive()).toBe(true);
    expect(await waiting()).toMatchObject([{ body: { do: 'confirm', event: { kind: 'suspend' } } }]);
  });
});

describe('a person whom the provider does not know', () => {
  it('is asked for three times before that counts', async () => {
    const { told, say, work, says, isActive, asked, clock } = open();
    await told();
    says.person = NOT_FOUND;
    await say();
    for (const wait of [2_000, 10_000]) {
      expect(await work(clock.now() + 1)).toEqual({ done: 1, nextAt: clock.now() + wait });
      expect(await isActive()).toBe(true);
      clock.advance(wait);
    }
    await work();
    expect(await isActive()).toBe(false);
    expect(asked).toHaveLength(4);
  });

  it.each([
    ['upsert', false, { out: { since: expect.any(String) } }],
    ['suspend', false, { out: { since: expect.any(String) } }],
    ['unassign', false, { unassigned: { since: expect.any(String) } }],
    ['remove', true, { out: { gone: true } }],
  ] as const)('is out of service, and gone only if the event said so: %s', async (kind, isGone, link) => {
    const { told, says, stored, directory } = open();
    await told();
    says.person = NOT_FOUND;
    await told({ kind });
    const [record] = await directory.findPerson('demo', { attribute: 'link', value: 'people/1' });
    expect(record?.person.active === false || record?.deletedAt !== undefined).toBe(true);
    expect(record?.deletedAt !== undefined).toBe(isGone);
    expect(record?.links?.people).toMatchObject(link);
    expect(await stored()).toHaveLength(isGone ? 0 : 1);
  });

  it('is out of service and not out of a group alone, whatever group the event named', async () => {
    const { told, says, ada } = open();
    await told();
    says.person = NOT_FOUND;
    await told({ kind: 'unassign', group: { id: 'g', display: 'Football' } });
    expect((await ada())?.links?.people?.out).toBeDefined();
    expect((await ada())?.links?.people?.unassigned).toBeUndefined();
  });

  it.each([
    ['under an id that nobody has here', { id: 'strange', userName: ADA }],
    ['of a source that never knew the person', { userName: ADA }],
  ])('%s is nobody, whatever a person here is called', async (_, subject) => {
    const { told, says, services, isActive, numbers } = open();
    await accept('demo', services, { person: { userName: ADA, active: true }, source: 'scim', priority: 0 });
    says.person = NOT_FOUND;
    await told({ subject });
    expect(await isActive()).toBe(true);
    expect(numbers.of('Unmatched')).toEqual({ '': 1 });
  });

  it('is the one who is linked, where the event has a name and no id', async () => {
    const { told, says, isActive } = open();
    await told({ subject: { id: '1', userName: ADA } });
    says.person = NOT_FOUND;
    await told({ subject: { userName: ADA } });
    expect(await isActive()).toBe(false);
  });
});

describe('a group that an event named', () => {
  const GROUP = { isOfGroup: true, subject: {}, group: { id: 'g', display: 'Football' } } as const;
  const opened = async (world: World = {}) => {
    const hooks = open(world);
    await hooks.told({ kind: 'assign', group: { id: 'g', display: 'Contact Centre' } });
    expect(await hooks.groups()).toEqual(['Contact Centre']);
    return hooks;
  };

  it('is called as the provider says now, and not as the event said', async () => {
    const { told, says, groups } = await opened();
    says.group = { outcome: 'found', display: 'Chess' };
    await told({ ...GROUP, trust: 'caller' });
    expect(await groups()).toEqual(['Chess']);
  });

  it('is there as long as the provider has it, although the event said that it was deleted', async () => {
    const { told, says, groups } = await opened();
    says.group = { outcome: 'found', display: 'Contact Centre' };
    await told({ ...GROUP, kind: 'remove' });
    expect(await groups()).toEqual(['Contact Centre']);
  });

  it('is gone once the provider has not known it three times', async () => {
    const { say, work, groups, clock } = await opened();
    await say({ ...GROUP, trust: 'caller' });
    for (const wait of [2_000, 10_000]) {
      await work(clock.now() + 1);
      expect(await groups()).toEqual(['Contact Centre']);
      clock.advance(wait);
    }
    await work();
    expect(await groups()).toEqual([]);
  });

  it('is called as the event said where groups can not be read', async () => {
    const { told, groups } = await opened({ readsGroups: false });
    await told(GROUP);
    expect(await groups()).toEqual(['Football']);
    await told({ ...GROUP, kind: 'remove' });
    expect(await groups()).toEqual([]);
  });
});
