import { describe, expect, it } from 'vitest';
import type { AuthenticatedEvent, SourceGroup } from '../../../functions/events/event.ts';
import { groupsAfter } from '../../../functions/events/groups/of-person.ts';
import { groupIdOf, ownIdOf } from '../../../functions/events/groups/own-group.ts';
import { applyMemberList } from '../../../functions/events/member-list.ts';
import { changeOfGroup, readAllGroups } from '../../../functions/events/memberships.ts';
import { GROUP } from '../../../functions/scim-core/schema.ts';
import { ada, type Bench, event, NOON, openBench, plus } from '../bench.ts';

const TOURS: SourceGroup = { id: 'g1', display: 'Tours' };
const BILLING: SourceGroup = { id: 'g2', display: 'Billing' };
const DAYS = 86_400;

/** A group as SCIM makes one. */
const shared = (bench: Bench, id: string, displayName: string, externalId?: string) =>
  bench.directory.createGroup({
    tenant: 'demo',
    id,
    version: 1,
    groupVersion: 1,
    createdAt: NOON,
    updatedAt: NOON,
    group: { schemas: [GROUP.id], displayName, ...(externalId === undefined ? {} : { externalId }) },
  });

async function opened(...groups: readonly SourceGroup[]) {
  const bench = openBench();
  await bench.apply(ada({}, { groups }));
  bench.clock.advance(1_000);
  const { id } = await bench.only();
  const say = (
    kind: 'assign' | 'unassign',
    group: SourceGroup,
    seconds: number,
    more: Partial<AuthenticatedEvent> = {},
  ) => bench.outcome(event({ kind, group, occurredAt: plus(seconds), ...more }));
  /** The names of the groups that the person is in. */
  const names = async () =>
    (await bench.directory.groupsOf('demo', id)).map(({ display }) => display).toSorted();
  const all = (listed: readonly SourceGroup[], seconds: number, more: Partial<AuthenticatedEvent> = {}) =>
    bench.outcome(ada({}, { groups: listed, occurredAt: plus(seconds), ...more }));
  return { ...bench, id, say, names, all };
}

describe('a membership', () => {
  it('is as its source said last, whatever came last', async () => {
    const { say, names, rung } = await opened();
    const rang = rung.length;
    expect(await say('assign', TOURS, 10)).toBe('stored');
    expect(rung.length).toBe(rang + 1);
    expect(await say('assign', TOURS, 11)).toBe('unchanged');
    expect(rung.length).toBe(rang + 1);
    expect(await say('unassign', TOURS, 5)).toBe('stale');
    expect(await names()).toEqual(['Tours']);
    expect(await say('unassign', TOURS, 11)).toBe('stored');
    expect(await say('unassign', TOURS, 12)).toBe('unchanged');
    expect(await say('assign', TOURS, 11)).toBe('stale');
    expect(await names()).toEqual([]);
    expect(await say('unassign', BILLING, 13)).toBe('nobody');
    // Of each group by itself.
    expect(await say('assign', BILLING, 13)).toBe('stored');
    expect(await say('assign', TOURS, 12)).toBe('stored');
  });

  it('is ordered for as long as an event may be late, and no longer', async () => {
    const { say, clock } = await opened();
    await say('unassign', TOURS, 900);
    clock.advance(30 * DAYS - 1_010);
    expect(await say('assign', TOURS, 5)).toBe('stale');
    clock.advance(1_100);
    expect(await say('assign', TOURS, 5)).toBe('stored');
  });

  it('makes the person due again', async () => {
    const { say, directory, only } = await opened();
    const { dueAt: _, ...record } = await only();
    await directory.updatePerson(await only(), {
      ...record,
      version: record.version + 1,
      state: 'provisioned',
    });
    await say('assign', TOURS, 10);
    expect((await only()).state).toBe('due');
  });

  it('is of the group with the id, else of the one that SCIM calls so', async () => {
    const bench = await opened();
    await shared(bench, 's1', 'Travel', 'g1');
    await shared(bench, 's2', 'Billing');
    await bench.say('assign', TOURS, 10);
    await bench.say('assign', BILLING, 10);
    await bench.say('assign', { id: 'g3' }, 10);
    expect(await bench.names()).toEqual(['Billing', 'Travel', 'g3']);
    expect(await bench.say('unassign', { id: 'g2' }, 20)).toBe('nobody');
    expect(await bench.say('unassign', BILLING, 20)).toBe('stored');
  });

  it('is foreseen by the names that the groups have here', async () => {
    const bench = await opened(TOURS);
    await shared(bench, 's2', 'Billing');
    const foreseen = (kind: 'assign' | 'unassign', group: SourceGroup) =>
      changeOfGroup(bench.services, 'demo', event({ kind }), group);
    const own = groupIdOf('demo', 'hr', 'g1');
    expect(await foreseen('unassign', TOURS)).toEqual({ leaves: own });
    expect(await foreseen('unassign', { id: 'g9' })).toEqual({});
    expect(await foreseen('assign', { id: 'g1', display: 'Other' })).toEqual({
      joins: { id: own, display: 'Tours' },
    });
    expect(await foreseen('assign', BILLING)).toEqual({ joins: { id: 's2', display: 'Billing' } });
    expect(await foreseen('assign', { id: 'g9', display: 'New' })).toEqual({
      joins: { id: 'g9', display: 'New' },
    });
    expect(await foreseen('assign', { id: 'g9' })).toEqual({ joins: { id: 'g9', display: 'g9' } });
  });

  it('is told apart by source: each has ids of its own', () => {
    const id = groupIdOf('demo', 'hr', 'g1');
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    expect(
      new Set([
        id,
        groupIdOf('demo', 'it', 'g1'),
        groupIdOf('other', 'hr', 'g1'),
        groupIdOf('demo', 'hr', 'g2'),
      ]).size,
    ).toBe(4);
    const group = { id, group: { schemas: [], displayName: 'Tours', externalId: 'g1' } } as never;
    expect(ownIdOf(group, 'demo', 'hr')).toBe('g1');
    expect(ownIdOf(group, 'demo', 'it')).toBeUndefined();
    expect(
      ownIdOf({ id, group: { schemas: [], displayName: 'Tours' } } as never, 'demo', 'hr'),
    ).toBeUndefined();
  });
});

describe('all groups of a person', () => {
  it('are those that the source listed last, of its own', async () => {
    const { all, names, say } = await opened(TOURS);
    expect(await names()).toEqual(['Tours']);
    expect(await all([BILLING], 10)).toBe('stored');
    expect(await names()).toEqual(['Billing']);
    expect(await all([BILLING], 20)).toBe('unchanged');
    expect(await all([TOURS], 15)).toBe('stale');
    // What is said of one group before the list is older than the list.
    expect(await say('assign', TOURS, 19)).toBe('stale');
    expect(await say('assign', TOURS, 21)).toBe('stored');
    expect(await all([], 30)).toBe('stored');
    expect(await names()).toEqual([]);
  });

  it('change nothing that was said of one group since', async () => {
    const { all, names, say } = await opened();
    await say('unassign', TOURS, 5);
    await say('assign', TOURS, 6);
    await say('unassign', TOURS, 20);
    expect(await all([TOURS], 10)).toBe('unchanged');
    expect(await names()).toEqual([]);
  });

  it('that are older than the last list change nothing', async () => {
    const { all, names, clock } = await opened(TOURS);
    await all([BILLING], 20);
    clock.advance(100);
    // A change of attributes that is newer may carry it, too.
    expect(await all([TOURS], 15, { sequence: 5 })).not.toBe('invalid');
    expect(await names()).toEqual(['Billing']);
  });

  it('leave those of SCIM and of other sources, unless the source has listed them before', async () => {
    const bench = await opened();
    await shared(bench, 's1', 'Travel');
    await shared(bench, 's2', 'Billing');
    await bench.directory.addMembers('demo', 's1', [{ value: bench.id, type: 'User' }], () => undefined);
    await bench.directory.addMembers('demo', 's2', [{ value: bench.id, type: 'User' }], () => undefined);
    expect(await bench.all([BILLING], 10)).toBe('unchanged');
    expect(await bench.names()).toEqual(['Billing', 'Travel']);
    expect((await readAllGroups(bench.services, 'demo', 'hr', await bench.only())).shared).toEqual([BILLING]);
    expect(await bench.all([], 20)).toBe('stored');
    expect(await bench.names()).toEqual(['Travel']);
    expect((await readAllGroups(bench.services, 'demo', 'hr', await bench.only())).shared).toEqual([]);
  });

  it('of those of others are remembered for as long as the person is in them', async () => {
    const bench = await opened();
    await shared(bench, 's2', 'Billing');
    await bench.all([BILLING], 10);
    bench.clock.advance(40 * DAYS);
    expect((await readAllGroups(bench.services, 'demo', 'hr', await bench.only())).shared).toEqual([BILLING]);
    await bench.all([], 40 * DAYS);
    bench.clock.advance(31 * DAYS);
    expect(await readAllGroups(bench.services, 'demo', 'hr', await bench.only())).toEqual({ shared: [] });
  });

  it('are read as an older version may have stored them', async () => {
    const { directory, services, only, id } = await opened();
    const stored = (body: object) => directory.writeDocument(`demo#membership#hr/${id}`, '*', body);
    await stored({ at: 5, shared: 'odd' });
    expect(await readAllGroups(services, 'demo', 'hr', await only())).toEqual({ shared: [] });
    await stored({ at: NOON });
    expect(await readAllGroups(services, 'demo', 'hr', await only())).toEqual({ at: NOON, shared: [] });
  });

  it('say what groups are called now, where the source signs', async () => {
    const { all, names } = await opened(TOURS, BILLING);
    const travel = { id: 'g1', display: 'Travel' };
    await all([travel, { id: 'g2' }], 10, { trust: 'caller' });
    expect(await names()).toEqual(['Billing', 'Tours']);
    await all([travel, { id: 'g2' }], 20);
    expect(await names()).toEqual(['Billing', 'Travel']);
  });

  it('are foreseen with what the person stays in', async () => {
    const bench = await opened(TOURS);
    await shared(bench, 's2', 'Billing');
    await shared(bench, 's3', 'Staff');
    await bench.directory.addMembers('demo', 's3', [{ value: bench.id, type: 'User' }], () => undefined);
    const listed = [{ id: 'g1', display: 'Travel' }, BILLING, { id: 'g9' }, { id: 'g8', display: 'New' }];
    const foreseen = await groupsAfter(
      bench.services,
      'demo',
      { source: 'hr', groups: listed },
      await bench.only(),
    );
    expect(foreseen).toEqual({
      joins: [BILLING, { id: 'g9' }, { id: 'g8', display: 'New' }],
      leaves: [],
      renamed: [{ id: 'g1', display: 'Travel' }],
      shared: [BILLING],
      after: [
        { id: 's3', display: 'Staff' },
        { id: groupIdOf('demo', 'hr', 'g1'), display: 'Travel' },
        { id: 's2', display: 'Billing' },
        { id: 'g9', display: 'g9' },
        { id: 'g8', display: 'New' },
      ],
    });
    const none = await groupsAfter(bench.services, 'demo', { source: 'hr' }, await bench.only());
    expect([none.leaves, none.after]).toEqual([[{ id: 'g1' }], [{ id: 's3', display: 'Staff' }]]);
  });

  it('of a deleted person are none', async () => {
    const { all, outcome, groups } = await opened(TOURS);
    await outcome(event({ kind: 'remove', occurredAt: plus(10) }));
    const before = await groups();
    await all([BILLING], 5);
    expect(await groups()).toEqual(before);
  });
});

describe('all members of a group', () => {
  const list = (bench: Bench, members: readonly string[], seconds?: number, more: object = {}) =>
    applyMemberList(
      { services: bench.services, tenant: 'demo', configuration: bench.configuration, canFetch: false },
      {
        source: 'hr',
        trust: 'signed',
        type: 'group.members',
        group: TOURS,
        members,
        ...(seconds === undefined ? {} : { occurredAt: plus(seconds) }),
        ...more,
      },
    );
  const person = (bench: Bench, id: string) =>
    bench.outcome(ada({ userName: `${id}@example.com` }, { subject: { id }, groups: [TOURS] }));

  it('take out who is not listed, by any of the ids that the source has', async () => {
    const bench = openBench();
    await person(bench, 'E-1');
    await person(bench, 'E-2');
    await bench.outcome(ada({ userName: 'E-2@example.com' }, { subject: { id: 'E-3' } }));
    bench.clock.advance(1_000);
    expect(await list(bench, ['E-1', 'E-3'], 10)).toBe('unchanged');
    expect(await list(bench, ['E-3'], 20)).toBe('stored');
    expect((await bench.groups()).Tours).toHaveLength(1);
    const [, second] = await bench.stored();
    expect((await bench.groups()).Tours).toEqual([second?.id]);
    expect(await list(bench, [], 30)).toBe('stored');
    expect((await bench.groups()).Tours).toEqual([]);
  });

  it('leave who is of another source, and find who has the id as externalId', async () => {
    const bench = openBench();
    await bench.outcome(ada({ externalId: 'X-1' }, { source: 'it', subject: { id: '9' }, groups: [] }));
    await bench.outcome(
      ada(
        { userName: 'bob@example.com' },
        { source: 'it', subject: { id: '8', externalId: 'X-2' }, groups: [] },
      ),
    );
    const [first, second] = await bench.stored();
    await shared(bench, 's1', 'Tours', 'g1');
    const members = [first, second].map((each) => ({ value: each?.id ?? '', type: 'User' as const }));
    await bench.directory.addMembers('demo', 's1', members, () => undefined);
    bench.clock.advance(1_000);
    expect(await list(bench, ['X-1'], 10)).toBe('stored');
    expect((await bench.groups()).Tours).toEqual([first?.id]);
    const nameless = openBench();
    await nameless.outcome(ada({}, { source: 'it', subject: { userName: 'ada@example.com' }, groups: [] }));
    await shared(nameless, 's1', 'Tours', 'g1');
    const { id } = await nameless.only();
    await nameless.directory.addMembers('demo', 's1', [{ value: id, type: 'User' }], () => undefined);
    expect(await list(nameless, [])).toBe('unchanged');
    expect((await nameless.groups()).Tours).toEqual([id]);
  });

  it('say nothing where something later is known, and everything before is old then', async () => {
    const bench = openBench();
    await person(bench, 'E-1');
    bench.clock.advance(1_000);
    expect(await list(bench, ['E-1'], 20)).toBe('unchanged');
    expect(await list(bench, [], 10)).toBe('stale');
    expect(await list(bench, ['E-1'], 20)).toBe('unchanged');
    expect(await bench.outcome(event({ kind: 'unassign', group: TOURS, occurredAt: plus(15) }))).toBe(
      'stale',
    );
    expect(await bench.outcome(event({ kind: 'unassign', group: TOURS, occurredAt: plus(25) }))).toBe(
      'stored',
    );
    expect(await list(bench, [], 30, { group: { id: 'g9' } })).toBe('nobody');
  });

  it('say nothing of another group, and of their own for thirty days', async () => {
    const bench = openBench();
    await person(bench, 'E-1');
    bench.clock.advance(1_000);
    await list(bench, ['E-1'], 20);
    const say = (group: SourceGroup) => bench.outcome(event({ kind: 'assign', group, occurredAt: plus(15) }));
    expect(await say(BILLING)).toBe('stored');
    bench.clock.advance(30 * DAYS - 100);
    expect(await say(TOURS)).toBe('stale');
    bench.clock.advance(200);
    expect(await say(TOURS)).toBe('unchanged');
  });

  it('leave who is known to have joined since', async () => {
    const bench = openBench();
    await person(bench, 'E-1');
    bench.clock.advance(1_000);
    await bench.outcome(event({ kind: 'assign', group: TOURS, occurredAt: plus(20) }));
    expect(await list(bench, [], 10)).toBe('unchanged');
    expect((await bench.groups()).Tours).toHaveLength(1);
  });

  it('are so now at the latest, also where it is not said when', async () => {
    const bench = openBench();
    await person(bench, 'E-1');
    bench.clock.advance(10);
    expect(await list(bench, ['E-1'], 5_000)).toBe('unchanged');
    bench.clock.advance(1);
    expect(await list(bench, [])).toBe('stored');
    expect(await bench.outcome(event({ kind: 'assign', group: TOURS, occurredAt: plus(10) }))).toBe('stale');
  });

  it('are more than a page', async () => {
    const bench = openBench();
    for (let number = 0; number < 205; number += 1) await person(bench, `E-${number}`);
    bench.clock.advance(100);
    expect(await list(bench, ['E-7'], 10)).toBe('stored');
    const left = await bench.stored();
    expect((await bench.groups()).Tours).toEqual(
      left.filter(({ links }) => links?.hr?.id === 'E-7').map(({ id }) => id),
    );
  });
});
