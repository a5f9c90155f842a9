import { describe, expect, it } from 'vitest';
import { PRIORITY } from '../../functions/directory/record.ts';
import { readEarly } from '../../functions/events/early.ts';
import { storeConfirmation, storeLater } from '../../functions/events/pending.ts';
import { ada, event, NOON, openBench, openRacingBench, plus } from './bench.ts';

const DAY = 86_400;
const TOURS = { id: 'g1', display: 'Tours' };
const HOME = { sources: { app: { preset: 'auth0' }, hr: { preset: 'standard-webhooks' } } };

describe('when an event happened', () => {
  it('is never later than its arrival, and its arrival where it does not say', async () => {
    const { apply, only, logged } = openBench();
    await apply(ada({}, { occurredAt: plus(DAY) }));
    expect((await only()).links?.hr?.profileAt).toBe(NOON);
    const { occurredAt: _, ...timeless } = event({ kind: 'suspend' });
    await apply(timeless);
    expect((await only()).links?.hr?.statusAt).toBe(NOON);
    expect(logged).toEqual([]);
  });

  it('that can not be read is its arrival, which is logged', async () => {
    const { apply, only, logged } = openBench();
    await apply(ada({}, { occurredAt: 'yesterday' }));
    expect((await only()).links?.hr?.profileAt).toBe(NOON);
    expect(logged.join()).toMatch(
      /can not be read; its arrival counts.*"tenant":"demo","source":"hr","type":"user.updated"/,
    );
  });
});

describe('from when on an event holds', () => {
  it('is now where that time has come, and later where not', async () => {
    const { outcome, due, only, clock } = openBench();
    expect(await outcome(ada({}, { effectiveAt: NOON }))).toBe('stored');
    expect(await outcome(ada({ title: 'Lead' }, { effectiveAt: plus(1) }))).toBe('later');
    expect((await only()).person.title).toBeUndefined();
    expect(await due()).toMatchObject([
      { id: 'later:join:hr/E-1', dueAt: plus(1), event: { person: { title: 'Lead' } } },
    ]);
    expect((await due())[0]?.event.effectiveAt).toBeUndefined();
    clock.advance(1);
    expect(await outcome(ada({}, { effectiveAt: NOON.slice(0, 10), kind: 'suspend' }))).toBe('later');
  });

  it('that can not be read waits for an operator, and is now when confirmed', async () => {
    const { outcome, waiting, only } = openBench();
    const odd = ada({}, { effectiveAt: 'soon' });
    expect(await outcome(odd)).toBe('held');
    const [held] = await waiting();
    expect(held?.why).toBe(
      'from when on it holds can not be read: soon is neither a day (2027-03-01) nor a time (2027-03-01T08:00:00Z)',
    );
    expect(held?.event.effectiveAt).toBe('soon');
    expect(await outcome(odd, { isConfirmed: true })).toBe('stored');
    expect((await only()).person.userName).toBe('ada@example.com');
  });

  it('is cancelled by a whole word that holds now, and by nothing less', async () => {
    const bench = openBench();
    const { outcome, services } = bench;
    const leaving = () =>
      storeLater(services, 'demo', event({ kind: 'suspend', occurredAt: plus(-5) }), plus(DAY));
    const stays = async (said: ReturnType<typeof event>) => {
      await leaving();
      await outcome(said);
      return (await bench.due()).length > 0;
    };
    await outcome(ada());
    expect(await stays(event({ person: { title: 'Lead' } }))).toBe(true);
    expect(await stays(event({ kind: 'assign' }))).toBe(true);
    expect(await stays(event({ kind: 'assign', group: TOURS }))).toBe(true);
    // What could not be taken cancels nothing.
    expect(await stays(ada({ title: { not: 'a text' } }))).toBe(true);
    expect(await stays(ada({}, { occurredAt: plus(-60) }))).toBe(true);
    expect(await stays(ada())).toBe(false);
    expect(await stays(event({ kind: 'resume' }))).toBe(false);
    expect(await stays(event({ kind: 'suspend' }))).toBe(false);
    expect(await stays(event({ kind: 'remove', subject: { id: 'E-1' } }))).toBe(false);
  });
});

describe('an event that says only that something changed', () => {
  it('has the person read, and is refused where nothing can be read', async () => {
    const { outcome, apply, due, stored } = openBench();
    const thin = event({ completeness: 'thin', type: 'user.changed' });
    expect(await apply(thin)).toEqual({
      outcome: 'invalid',
      reason:
        'user.changed does not say who the person is, and reading from this source is not configured (fetch).',
    });
    expect(await outcome(thin, { canFetch: true })).toBe('fetching');
    expect((await due()).map(({ id }) => id)).toEqual(['fetch:hr/E-1']);
    expect(await stored()).toEqual([]);
  });

  it('says enough where it is that the person left', async () => {
    const { outcome, only } = openBench();
    await outcome(ada());
    expect(await outcome(event({ kind: 'suspend', completeness: 'thin' }))).toBe('stored');
    expect((await only()).person.active).toBe(false);
  });
});

describe('a person nobody knows', () => {
  it('is made, linked to the source, where those of the front are served first', async () => {
    const { apply, only } = openBench();
    await apply(ada({ title: 'Lead' }));
    expect(await only()).toMatchObject({
      source: 'hr',
      priority: PRIORITY.interactive,
      state: 'due',
      person: { userName: 'ada@example.com', externalId: 'E-1', title: 'Lead' },
      links: { hr: { id: 'E-1', isMaker: true, profileAt: NOON } },
    });
    await apply(ada({ userName: 'bob@example.com' }, { subject: { id: 'E-2' } }), {
      priority: PRIORITY.backfill,
    });
    const bench = openBench();
    await bench.apply(ada(), { priority: PRIORITY.backfill });
    expect((await bench.only()).priority).toBe(PRIORITY.backfill);
    const leaver = openBench();
    await leaver.apply(ada({ active: false }), { priority: PRIORITY.backfill });
    expect((await leaver.only()).priority).toBe(PRIORITY.interactive);
  });

  it('has to have a name by which an operator knows people', async () => {
    const { outcome } = openBench();
    expect(await outcome(event({ person: { title: 'x' }, completeness: 'full' }))).toBe('invalid');
    expect(await outcome(event({ person: { title: 'x' }, completeness: 'full' }), { canFetch: true })).toBe(
      'fetching',
    );
    for (const subject of [{ userName: 'u@b.example' }, { email: 'e@b.example' }])
      expect(await outcome(event({ subject, person: {}, completeness: 'full' }))).toBe('stored');
    expect(
      await outcome(event({ subject: { id: '9' }, person: { userName: 'p' }, completeness: 'full' })),
    ).toBe('stored');
  });

  it('is read first where the event is a change alone, or operations', async () => {
    const { outcome, apply, stored } = openBench();
    const change = event({ person: { userName: 'ada@example.com' } });
    expect(await outcome(change, { canFetch: true })).toBe('fetching');
    const operations = ada({}, { operations: [{ op: 'replace', path: 'title', value: 'x' }] });
    expect(await outcome(operations, { canFetch: true })).toBe('fetching');
    expect(await apply(operations)).toMatchObject({ outcome: 'invalid' });
    expect(await stored()).toEqual([]);
    expect(await outcome(ada(), { canFetch: true })).toBe('stored');
  });

  it('is made of a change alone where nothing can be read', async () => {
    const { outcome } = openBench();
    expect(await outcome(event({ person: { userName: 'ada@example.com' } }))).toBe('stored');
  });

  it('who left before is remembered, counted, and not made by what is older', async () => {
    const { outcome, numbers, stored, services } = openBench();
    expect(await outcome(event({ kind: 'remove' }))).toBe('nobody');
    expect(numbers.of('Unmatched')).toEqual({ '': 1 });
    expect((await readEarly(services, 'demo', event())).at).toBe(NOON);
    expect(await outcome(ada({}, { occurredAt: plus(-10) }))).toBe('stale');
    expect(await outcome(ada({}, { occurredAt: plus(-10) }), { canFetch: true })).toBe('fetching');
    expect(await stored()).toEqual([]);
    expect(await outcome(ada())).toBe('stored');
    expect((await readEarly(services, 'demo', event())).events).toEqual([]);
  });

  it('who was suspended before is made, and is out of service', async () => {
    const { outcome, only, services } = openBench();
    await outcome(event({ kind: 'suspend' }));
    expect(await outcome(ada({}, { occurredAt: plus(-10) }))).toBe('stored');
    expect((await only()).person.active).toBe(false);
    expect((await readEarly(services, 'demo', event())).events).toEqual([]);
  });

  it('who is out of service in a list is nobody who could leave', async () => {
    const { outcome, numbers, services } = openBench();
    expect(await outcome(ada({ active: false }), { isListed: true })).toBe('nobody');
    expect(await outcome(event({ kind: 'remove' }), { isListed: true })).toBe('nobody');
    expect(numbers.of('Unmatched')).toEqual({});
    expect((await readEarly(services, 'demo', event())).events).toEqual([]);
    expect(await outcome(ada(), { isListed: true })).toBe('stored');
  });

  it('whose whole person says out of service is made all the same, and counted by none', async () => {
    const { outcome, numbers, only } = openBench();
    expect(await outcome(ada({ active: false }))).toBe('stored');
    expect(numbers.of('Unmatched')).toEqual({});
    expect((await only()).person.active).toBe(false);
  });

  it('is put into groups when it is known who that is', async () => {
    const { outcome, groups, only, services } = openBench();
    const join = event({ kind: 'assign', group: TOURS, type: 'group.joined' });
    expect(await outcome(join)).toBe('nobody');
    expect(await outcome(event({ kind: 'unassign', group: { id: 'g2' }, occurredAt: plus(-5) }))).toBe(
      'nobody',
    );
    expect(await groups()).toEqual({});
    expect(await outcome(join, { canFetch: true })).toBe('fetching');
    await outcome(ada());
    expect(await groups()).toEqual({ Tours: [(await only()).id] });
    expect((await readEarly(services, 'demo', event())).events).toEqual([]);
  });

  it('is made by a membership that names the person', async () => {
    const { outcome, groups, only } = openBench();
    const subject = { id: 'E-1', email: 'ada@example.com' };
    expect(await outcome(event({ kind: 'assign', group: TOURS, subject }))).toBe('stored');
    expect(await groups()).toEqual({ Tours: [(await only()).id] });
    const other = openBench();
    await other.outcome(ada({}, { groups: [TOURS] }));
    expect(await other.groups()).toEqual({ Tours: [(await other.only()).id] });
  });
});

describe('a person who is known', () => {
  it('is changed, and not by what says nothing new or is older', async () => {
    const { outcome, only } = openBench();
    await outcome(ada());
    const { version } = await only();
    expect(await outcome(ada())).toBe('unchanged');
    expect((await only()).version).toBe(version);
    expect(await outcome(ada({ title: 'Lead' }))).toBe('stored');
    expect(await outcome(ada({ title: 'Clerk' }, { occurredAt: plus(-10) }))).toBe('stale');
    expect(await outcome(ada({ title: 'Clerk' }, { occurredAt: plus(-10) }), { canFetch: true })).toBe(
      'fetching',
    );
    expect((await only()).person.title).toBe('Lead');
  });

  it('has it noted when the same was said later', async () => {
    const { outcome, only, clock } = openBench();
    await outcome(ada());
    clock.advance(10);
    expect(await outcome(ada({}, { occurredAt: plus(10) }))).toBe('unchanged');
    expect((await only()).links?.hr?.profileAt).toBe(plus(10));
    expect((await only()).state).toBe('due');
  });

  it('is read where a change alone is said that does not take out of service', async () => {
    const { outcome, only } = openBench();
    await outcome(ada());
    expect(await outcome(event({ person: { title: 'Lead' } }), { canFetch: true })).toBe('fetching');
    expect(await outcome(event({ person: { title: 'Lead' } }))).toBe('stored');
    expect(await outcome(event({ kind: 'suspend' }), { canFetch: true })).toBe('stored');
    expect((await only()).person.active).toBe(false);
  });

  it('is deleted and comes back', async () => {
    const { outcome, only, clock } = openBench();
    await outcome(ada());
    expect(await outcome(event({ kind: 'remove' }))).toBe('stored');
    expect((await only()).deletedAt).toBe(NOON);
    expect(await outcome(event({ kind: 'assign', group: TOURS }))).toBe('nobody');
    clock.advance(10);
    expect(await outcome(ada({}, { occurredAt: plus(10) }))).toBe('stored');
    expect((await only()).deletedAt).toBeUndefined();
  });

  it('keeps its name where another person has the one that it is to get', async () => {
    const { apply, stored } = openBench();
    await apply(ada());
    await apply(ada({ userName: 'bob@example.com' }, { subject: { id: 'E-2' } }));
    const taken = ada({ userName: 'bob@example.com' });
    expect(await apply(taken, { isConfirmed: true })).toEqual({
      outcome: 'invalid',
      reason: 'Another person has the userName that this one is to get.',
    });
    expect((await stored()).map(({ person }) => person.userName)).toEqual([
      'ada@example.com',
      'bob@example.com',
    ]);
  });

  it('is refused values of another type', async () => {
    const { apply, outcome } = openBench();
    await outcome(ada());
    expect(await apply(ada({ title: { not: 'a text' } }))).toMatchObject({
      outcome: 'invalid',
      reason: expect.stringContaining('title'),
    });
  });

  it('is found by name, linked, and gets what was said of the id before', async () => {
    const { outcome, only, groups, services, clock } = openBench();
    await outcome(ada());
    const it = { source: 'it', subject: { id: '9' } } as const;
    await outcome(event({ ...it, kind: 'assign', group: TOURS }));
    await outcome(event({ ...it, kind: 'suspend' }));
    expect((await only()).person.active).toBeUndefined();
    clock.advance(5);
    await outcome(ada({}, { ...it, occurredAt: plus(-5) }));
    expect((await only()).links).toMatchObject({ hr: { id: 'E-1' }, it: { id: '9', out: { since: NOON } } });
    expect((await only()).person.active).toBe(false);
    expect(await groups()).toEqual({ Tours: [(await only()).id] });
    expect((await readEarly(services, 'demo', event(it))).events).toEqual([]);
  });

  it('who is due as a joiner stays before a back-fill', async () => {
    const { outcome, only } = openBench();
    await outcome(ada());
    await outcome(ada({ title: 'Lead' }), { priority: PRIORITY.backfill });
    expect((await only()).priority).toBe(PRIORITY.interactive);
    const bench = openBench();
    await bench.outcome(ada());
    const { dueAt: _, ...record } = await bench.only();
    const provisioned = { ...record, version: record.version + 1, state: 'provisioned' as const };
    await bench.directory.updatePerson(await bench.only(), provisioned);
    await bench.outcome(ada({ title: 'Lead' }), { priority: PRIORITY.backfill });
    expect((await bench.only()).priority).toBe(PRIORITY.backfill);
    await bench.outcome(event({ kind: 'suspend' }), { priority: PRIORITY.backfill });
    expect((await bench.only()).priority).toBe(PRIORITY.interactive);
  });

  it('is changed where another function changed the record meanwhile, and given up where that never ends', async () => {
    const { bench, lose } = openRacingBench();
    lose(1);
    await bench.outcome(ada());
    bench.clock.advance(5);
    expect(await bench.outcome(ada({}, { occurredAt: plus(5) }))).toBe('unchanged');
    expect((await bench.only()).links?.hr?.profileAt).toBe(plus(5));
    lose(1);
    expect(await bench.outcome(ada({ title: 'Lead' }, { occurredAt: plus(5) }))).toBe('stored');
    lose(1_000);
    await expect(bench.outcome(ada({ title: 'Chief' }, { occurredAt: plus(5) }))).rejects.toThrow(
      'changes all the time',
    );
  });
});

describe('what is not signed', () => {
  const unsigned = { trust: 'caller' } as const;

  it('is taken where it does no harm', async () => {
    const { outcome, only } = openBench();
    await outcome(ada());
    expect(await outcome(ada({ title: 'Lead' }, unsigned))).toBe('stored');
    expect(await outcome(ada({ title: 'Clerk' }, { trust: 'url' }))).toBe('stored');
    expect((await only()).person.title).toBe('Clerk');
  });

  it.each([
    ['leaves', { kind: 'suspend' }, 'this would put the agent out of service'],
    ['is deleted', { kind: 'remove' }, 'this would put the agent out of service'],
    ['gets another name', ada({ userName: 'mallory@example.com' }), 'this would change userName or e-mail'],
    [
      'gets another address',
      ada({ emails: [{ value: 'mallory@example.com' }] }),
      'this would change userName or e-mail',
    ],
  ] as const)('waits, or is read, where the person %s', async (_, changes, why) => {
    const { outcome, waiting, only, due } = openBench();
    await outcome(ada());
    const before = await only();
    expect(await outcome(event({ ...changes, ...unsigned }), { canFetch: true })).toBe('fetching');
    expect((await due()).map(({ do: work }) => work)).toEqual(['fetch']);
    expect(await outcome(event({ ...changes, ...unsigned }))).toBe('held');
    expect((await waiting())[0]?.why).toBe(`hr does not sign what it sends, and ${why}`);
    expect(await only()).toEqual(before);
  });

  it('waits, or is read, where it is about one of two accounts, though the other is in service', async () => {
    const { outcome, only } = openBench();
    await outcome(ada());
    await outcome(ada({}, { subject: { id: 'E-2' } }));
    const before = await only();
    expect(before.links?.hr).toMatchObject({ id: 'E-1', others: { 'E-2': {} } });
    const leaver = event({ kind: 'suspend', subject: { id: 'E-2' }, ...unsigned });
    expect(await outcome(leaver, { canFetch: true })).toBe('fetching');
    expect(await outcome(leaver)).toBe('held');
    expect(await only()).toEqual(before);
    // Signed it counts, and decides nothing while the other account is in service.
    await outcome(event({ kind: 'suspend', subject: { id: 'E-2' } }));
    expect((await only()).person.active).not.toBe(false);
  });

  it('says nothing of an address in other letters', async () => {
    const { outcome } = openBench();
    await outcome(ada({ emails: [{ value: 'ada@example.com' }] }));
    expect(await outcome(ada({ emails: [{ value: 'ADA@example.com' }] }, unsigned))).toBe('stored');
  });

  it('waits where the person would be outside of provisionWhen, by attributes or by groups', async () => {
    const title = openBench({ provisionWhen: 'title eq "Agent"' });
    await title.outcome(ada({ title: 'Agent' }));
    expect(await title.outcome(ada({ title: 'Guest' }, unsigned))).toBe('held');
    const groups = openBench({ provisionWhen: 'groups.display eq "Tours"' });
    await groups.outcome(ada({}, { groups: [TOURS] }));
    expect(await groups.outcome(ada({}, { ...unsigned, groups: [] }))).toBe('held');
    expect(await groups.outcome(ada({}, { ...unsigned, groups: [TOURS] }))).toBe('unchanged');
    expect(await groups.outcome(event({ ...unsigned, kind: 'unassign', group: TOURS }))).toBe('held');
    expect(
      await groups.outcome(event({ ...unsigned, kind: 'unassign', group: TOURS }), { canFetch: true }),
    ).toBe('fetching');
    expect((await groups.waiting())[0]?.also).toMatchObject([{ kind: 'unassign', group: TOURS }]);
    expect(await groups.outcome(event({ kind: 'unassign', group: TOURS }))).toBe('stored');
    // Who is no agent can't cease to be one.
    expect(await groups.outcome(event({ ...unsigned, kind: 'unassign', group: { id: 'g2' } }))).toBe(
      'nobody',
    );
    expect(await groups.outcome(ada({ title: 'x' }, unsigned))).toBe('stored');
  });

  it('is old news as well', async () => {
    const { outcome } = openBench();
    await outcome(ada());
    expect(await outcome(event({ ...unsigned, kind: 'remove', occurredAt: plus(-9) }))).toBe('stale');
  });

  it('may change what is deleted already', async () => {
    const { outcome } = openBench();
    await outcome(ada());
    await outcome(event({ kind: 'remove' }));
    expect(await outcome(event({ ...unsigned, kind: 'suspend' }))).toBe('unchanged');
  });
});

describe('an event that could be about another person', () => {
  it('names two: it waits, a reading of it is refused, and an operator decides', async () => {
    const { apply, outcome, waiting, stored } = openBench();
    await outcome(ada());
    await outcome(ada({ userName: 'bob@example.com' }, { subject: { id: 'E-2' } }));
    const two = ada({ title: 'Lead' }, { subject: { id: 'E-1', email: 'bob@example.com' } });
    const why = 'the id is that of ada@example.com, and userName or e-mail that of bob@example.com';
    expect(await apply(two, { isReading: true })).toEqual({ outcome: 'invalid', reason: why, isTwo: true });
    expect(await waiting()).toEqual([]);
    expect(await outcome(two)).toBe('held');
    const [held] = await waiting();
    expect([held?.why, held?.lapses]).toEqual([why, undefined]);
    expect(await outcome(two, { isConfirmed: true })).toBe('stored');
    expect((await stored()).map(({ person }) => person.title)).toEqual(['Lead', undefined]);
  });

  it('has signed up with an address that is not verified: it waits for 30 days at most', async () => {
    const { apply, outcome, waiting, services } = openBench(HOME);
    await outcome(ada());
    const signUp = { source: 'app', subject: { id: 'auth0|1', email: 'ada@example.com' } };
    expect(await outcome(ada({}, signUp))).toBe('held');
    expect(await waiting()).toMatchObject([
      { lapses: true, why: 'app does not say that the e-mail address is verified' },
    ]);
    for (let number = 2; number <= 200; number += 1)
      await storeConfirmation(
        services,
        'demo',
        ada({}, { ...signUp, subject: { id: `auth0|${number}` } }),
        'x',
        true,
      );
    expect(await outcome(ada({}, signUp))).toBe('held');
    expect(await apply(ada({}, { ...signUp, subject: { ...signUp.subject, id: 'auth0|more' } }))).toEqual({
      outcome: 'invalid',
      reason:
        'app does not say that the e-mail address is verified, and 200 sign-ups of app wait for an operator already.',
    });
    const verified = { ...signUp, subject: { ...signUp.subject, isEmailVerified: true as const } };
    expect(await outcome(ada({}, verified))).toBe('unchanged');
  });

  it('is a second account in a list, which is left alone while the first is in service', async () => {
    const { apply, outcome, only } = openBench();
    await outcome(ada());
    const second = ada({}, { subject: { id: 'E-2' } });
    expect(await apply(second, { isListed: true })).toEqual({
      outcome: 'invalid',
      isTwo: true,
      reason: 'ada@example.com is the person of E-1 already, who is in service as well',
      others: ['E-1'],
    });
    expect(await outcome(ada(), { isListed: true })).toBe('unchanged');
    expect(await outcome(ada({}, { source: 'it', subject: { id: '9' } }), { isListed: true })).toBe(
      'unchanged',
    );
    await outcome(event({ kind: 'suspend' }));
    expect(await outcome(second, { isListed: true })).toBe('stored');
    expect((await only()).links?.hr).toMatchObject({ id: 'E-1', others: { 'E-2': {} } });
    expect(await outcome(ada({ active: false }, { subject: { id: 'E-3' } }), { isListed: true })).toBe(
      'unchanged',
    );
  });

  it('is not in the tenant whose sources are not known', async () => {
    const { outcome, only } = openBench();
    await outcome(ada(), { configuration: undefined });
    await outcome(event({ kind: 'suspend' }), { configuration: undefined });
    expect((await only()).person.active).toBe(false);
  });
});

describe('a scope of groups', () => {
  const scoped = () =>
    openBench({ sources: { hr: { preset: 'standard-webhooks', scope: { groups: ['Tours'] } } } });

  it('has a person as long as the person is in one of them', async () => {
    const { outcome, only, clock } = scoped();
    await outcome(ada());
    expect((await only()).person.active).toBe(false);
    clock.advance(10);
    expect(await outcome(event({ kind: 'assign', group: TOURS, occurredAt: plus(1) }))).toBe('stored');
    expect((await only()).person.active).toBe(true);
    expect(
      await outcome(event({ kind: 'assign', group: { id: 'g2', display: 'Other' }, occurredAt: plus(2) })),
    ).toBe('stored');
    expect((await only()).person.active).toBe(true);
    expect(await outcome(event({ kind: 'unassign', group: TOURS, occurredAt: plus(3) }))).toBe('stored');
    expect((await only()).person.active).toBe(false);
    expect(await outcome(event({ kind: 'unassign', group: TOURS, occurredAt: plus(2) }))).toBe('stale');
  });

  it('follows the name of the group, and its end', async () => {
    const { outcome, only, clock } = scoped();
    await outcome(ada({}, { groups: [TOURS] }));
    clock.advance(10);
    expect((await only()).person.active).not.toBe(false);
    const group = (changes: object, seconds: number, kind: 'upsert' | 'remove' = 'upsert') =>
      event({
        isOfGroup: true,
        kind,
        subject: {},
        group: { ...TOURS, ...changes },
        completeness: 'full',
        occurredAt: plus(seconds),
      });
    expect(await outcome(group({ display: 'Travel' }, 1))).toBe('group-stored');
    expect((await only()).person.active).toBe(false);
    expect(await outcome(group({ display: 'Tours' }, 2))).toBe('group-stored');
    expect((await only()).person.active).toBe(true);
    expect(await outcome(group({}, 3, 'remove'))).toBe('group-stored');
    expect((await only()).person.active).toBe(false);
  });
});
