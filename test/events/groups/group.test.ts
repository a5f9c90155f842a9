import { describe, expect, it } from 'vitest';
import type { ApplyContext } from '../../../functions/events/apply.ts';
import type { AuthenticatedEvent, SourceGroup } from '../../../functions/events/event.ts';
import { laterName, noteGroup } from '../../../functions/events/groups/group-mark.ts';
import { groupIdOf } from '../../../functions/events/groups/own-group.ts';
import { GROUP } from '../../../functions/scim-core/schema.ts';
import { ada, event, NOON, openBench, plus } from '../bench.ts';

const TOURS: SourceGroup = { id: 'g1', display: 'Tours' };
const TRAVEL: SourceGroup = { id: 'g1', display: 'Travel' };
const OWN = groupIdOf('demo', 'hr', 'g1');

const of = (
  kind: 'upsert' | 'remove',
  group: SourceGroup | undefined,
  more: Partial<AuthenticatedEvent> = {},
) =>
  event({
    isOfGroup: true,
    kind,
    subject: {},
    completeness: 'full',
    type: 'group.changed',
    ...(group && { group }),
    ...more,
  });

async function opened(tenant: object = {}, groups: readonly SourceGroup[] = [TOURS]) {
  const bench = openBench(tenant);
  await bench.apply(ada({}, { groups, occurredAt: plus(-100) }));
  const say = (
    kind: 'upsert' | 'remove',
    group: SourceGroup | undefined,
    more = {},
    context: Partial<ApplyContext> = {},
  ) => bench.outcome(of(kind, group, more), context);
  return { ...bench, say };
}

describe('a group of a source', () => {
  it('is made, called otherwise, and deleted, and its members are due again', async () => {
    const { say, groups, only, rung, directory } = await opened();
    const rang = rung.length;
    expect(await say('upsert', TRAVEL)).toBe('group-stored');
    expect(rung.length).toBe(rang + 1);
    expect(await groups()).toEqual({ Travel: [(await only()).id] });
    expect((await directory.readGroup('demo', OWN))?.groupVersion).toBe(2);
    expect(await say('upsert', TRAVEL)).toBe('unchanged');
    expect(await say('upsert', { id: 'g1' })).toBe('unchanged');
    expect(await say('upsert', { id: 'g2', display: 'Billing' })).toBe('group-stored');
    expect(Object.keys(await groups()).toSorted()).toEqual(['Billing', 'Travel']);
    expect(await say('remove', TRAVEL)).toBe('group-stored');
    expect(await groups()).toEqual({ Billing: [] });
    expect(await say('remove', TRAVEL)).toBe('unchanged');
    expect(await say('remove', { id: 'g9' })).toBe('unchanged');
  });

  it('is as its source said last', async () => {
    const { say, groups, clock } = await opened();
    clock.advance(100);
    expect(await say('upsert', TRAVEL, { occurredAt: plus(10) })).toBe('group-stored');
    expect(await say('upsert', TOURS, { occurredAt: plus(5) })).toBe('stale');
    expect(await say('remove', TOURS, { occurredAt: plus(5) })).toBe('stale');
    expect(Object.keys(await groups())).toEqual(['Travel']);
    expect(await say('upsert', TOURS, { occurredAt: plus(10) })).toBe('group-stored');
  });

  it('has no members by what was said before it was deleted', async () => {
    const { say, outcome, groups, clock, only } = await opened();
    clock.advance(100);
    await say('remove', TOURS, { occurredAt: plus(10) });
    expect(await outcome(event({ kind: 'assign', group: TOURS, occurredAt: plus(5) }))).toBe('stale');
    expect(await outcome(event({ kind: 'assign', group: TOURS, occurredAt: plus(15) }))).toBe('stored');
    expect(await groups()).toEqual({ Tours: [(await only()).id] });
  });

  it('is called as was said last when its first member comes late', async () => {
    const { say, outcome, groups, services, clock } = await opened({}, []);
    clock.advance(100);
    await noteGroup(services, 'demo', { source: 'hr', occurredAt: plus(20) }, TRAVEL, false);
    await outcome(event({ kind: 'assign', group: TOURS, occurredAt: plus(10) }));
    expect(Object.keys(await groups())).toEqual(['Travel']);
    await noteGroup(
      services,
      'demo',
      { source: 'hr', occurredAt: plus(20) },
      { id: 'g2', display: 'Old' },
      false,
    );
    await outcome(event({ kind: 'assign', group: { id: 'g2', display: 'New' }, occurredAt: plus(30) }));
    await outcome(event({ kind: 'assign', group: { id: 'g3' }, occurredAt: plus(30) }));
    expect(Object.keys(await groups()).toSorted()).toEqual(['New', 'Travel', 'g3']);
    expect(await say('upsert', undefined)).toBe('invalid');
  });

  it('that is none is refused by its type', async () => {
    const { apply } = await opened();
    expect(await apply(of('upsert', undefined))).toEqual({
      outcome: 'invalid',
      reason: 'group.changed names no group.',
    });
  });

  it('of SCIM is for SCIM to name', async () => {
    const { say, directory, groups } = await opened({}, []);
    const stamps = { tenant: 'demo', version: 1, groupVersion: 1, createdAt: NOON, updatedAt: NOON };
    await directory.createGroup({
      ...stamps,
      id: 's1',
      group: { schemas: [GROUP.id], displayName: 'Tours', externalId: 'g1' },
    });
    expect(await say('upsert', TRAVEL)).toBe('unchanged');
    expect(await say('remove', TRAVEL)).toBe('unchanged');
    expect(await groups()).toEqual({ Tours: [] });
  });

  it('that others change all the time is given up, and one race is not lost', async () => {
    let races = 1;
    const changed = { ok: false, reason: 'changed' } as const;
    const bench = openBench({}, ({ directory }) => ({
      directory: {
        ...directory,
        updateGroup: async (before, now) => {
          races -= 1;
          return races >= 0 ? changed : directory.updateGroup(before, now);
        },
        eraseGroup: async (group, mark) => {
          races -= 1;
          return races >= 0 ? changed : directory.eraseGroup(group, mark);
        },
      },
    }));
    await bench.apply(ada({}, { groups: [TOURS] }));
    expect(await bench.outcome(of('upsert', TRAVEL))).toBe('group-stored');
    races = 1_000;
    await expect(bench.outcome(of('upsert', TOURS))).rejects.toThrow('a group changes all the time');
    await expect(bench.outcome(of('remove', TOURS))).rejects.toThrow('a group changes all the time');
    races = 1;
    expect(await bench.outcome(of('remove', TOURS))).toBe('group-stored');
  });
});

describe('a change of a group that is not signed', () => {
  const caller = { trust: 'caller' } as const;
  const TENANT = { provisionWhen: 'groups.display eq "Tours" or groups.display eq "Staff"' };

  it('is read where the source can be read', async () => {
    const { say, due, groups } = await opened();
    expect(await say('upsert', TRAVEL, caller, { canFetch: true })).toBe('fetching');
    expect((await due()).map(({ id }) => id)).toEqual(['fetch:hr/group/g1']);
    expect(await say('upsert', TRAVEL, {}, { canFetch: true })).toBe('group-stored');
    expect(Object.keys(await groups())).toEqual(['Travel']);
  });

  it('waits where a member would be no agent any more', async () => {
    const { say, waiting, groups } = await opened(TENANT);
    expect(await say('upsert', TRAVEL, caller)).toBe('held');
    expect((await waiting())[0]?.why).toBe(
      'hr does not sign what it sends, and without the group agents would be out of service',
    );
    expect(await say('remove', TOURS, caller)).toBe('held');
    expect(Object.keys(await groups())).toEqual(['Tours']);
    expect(await say('upsert', { id: 'g1', display: 'Staff' }, caller)).toBe('group-stored');
  });

  it('is taken where it harms none of the members', async () => {
    const free = await opened();
    expect(await free.say('remove', TOURS, caller)).toBe('group-stored');
    const both = await opened(TENANT, [TOURS, { id: 'g2', display: 'Staff' }]);
    expect(await both.say('remove', TOURS, caller)).toBe('group-stored');
    const empty = await opened(TENANT, []);
    expect(await empty.say('upsert', TOURS, caller)).toBe('group-stored');
    expect(await empty.say('upsert', TRAVEL, caller)).toBe('group-stored');
    const unknown = await opened({ ...TENANT });
    expect(await unknown.say('remove', TOURS, caller, { configuration: undefined })).toBe('group-stored');
  });

  it('waits where there are too many members to look at each', async () => {
    const { say, directory } = await opened(TENANT, [TOURS, { id: 'g2', display: 'Staff' }]);
    const strangers = Array.from({ length: 100 }, (_, number) => ({
      value: `p${number}`,
      type: 'User' as const,
    }));
    await directory.addMembers('demo', OWN, strangers.slice(0, 99), () => undefined);
    expect(await say('upsert', TRAVEL, caller)).toBe('group-stored');
    await directory.addMembers('demo', OWN, strangers, () => undefined);
    expect(await say('upsert', TOURS, caller)).toBe('held');
  });
});

describe('a group that the scope of its source names', () => {
  const scoped = (groups: readonly string[]) => ({
    sources: { hr: { preset: 'standard-webhooks', scope: { groups } } },
  });

  it.each([[['g1']], [['TOURS']], [['Elsewhere', 'tours']]])('%j: its members follow', async (names) => {
    const { say, only } = await opened(scoped(names));
    expect((await only()).person.active).toBeUndefined();
    await say('remove', { id: 'g1' });
    expect((await only()).person.active).toBe(false);
  });

  it('by the name that it gets has its members then', async () => {
    const { say, only } = await opened(scoped(['Travel']));
    expect((await only()).person.active).toBe(false);
    await say('upsert', TRAVEL);
    expect((await only()).person.active).toBe(true);
  });

  it('and that is changed without a name is in it as before, for who signs and who does not', async () => {
    const { say, only, services } = await opened(scoped(['Tours']));
    expect(await say('upsert', { id: 'g1' })).toBe('unchanged');
    expect(await say('upsert', { id: 'g1' }, { trust: 'caller' })).toBe('unchanged');
    expect((await only()).person.active).toBeUndefined();
    const rules = await opened({ provisionWhen: 'groups.display eq "Tours"' });
    expect(await rules.say('upsert', { id: 'g1' }, { trust: 'caller' })).toBe('unchanged');
    // Its name was said before, and comes later.
    expect(await say('upsert', TRAVEL, { occurredAt: plus(-1) })).toBe('group-stored');
    expect((await only()).person.active).toBe(false);
    await noteGroup(services, 'demo', { source: 'hr', occurredAt: NOON }, { id: 'g1' }, false);
    expect(await laterName(services, 'demo', { source: 'hr', occurredAt: plus(-50) }, TOURS)).toBe('Travel');
  });

  it('with many members is left to the drain, which has the time', async () => {
    const { say, directory, due, only, clock } = await opened(scoped(['Tours']));
    const strangers = Array.from({ length: 100 }, (_, number) => ({
      value: `p${number}`,
      type: 'User' as const,
    }));
    await directory.addMembers('demo', OWN, strangers, () => undefined);
    clock.advance(10);
    expect(await say('remove', TOURS)).toBe('later');
    expect(await due()).toMatchObject([{ dueAt: plus(10), do: 'apply' }]);
    expect((await only()).person.active).toBeUndefined();
    const [waited] = await directory.duePendingEvents('demo', Date.parse('2200-01-01'), 1);
    if (waited === undefined) throw new Error('nothing waits');
    expect(await say('remove', TOURS, {}, { waited })).toBe('group-stored');
    expect((await only()).person.active).toBe(false);
  });

  it('is no matter of another one', async () => {
    const { say, only } = await opened(scoped(['Tours']), [TOURS, { id: 'g2', display: 'Staff' }]);
    await say('remove', { id: 'g2', display: 'Staff' });
    expect((await only()).person.active).toBeUndefined();
  });
});

describe('what a source said last about a group itself', () => {
  it('is kept for thirty days, source by source', async () => {
    const { services, clock } = openBench();
    const note = (seconds: number, source = 'hr') =>
      noteGroup(services, 'demo', { source, occurredAt: plus(seconds) }, TOURS, false);
    expect(await note(10)).toBe(true);
    expect(await note(5)).toBe(false);
    expect(await note(5, 'it')).toBe(true);
    expect(await note(10)).toBe(true);
    clock.advance(30 * 86_400 - 5);
    expect(await note(5)).toBe(false);
    clock.advance(10);
    expect(await note(5)).toBe(true);
  });

  it('is its name where that is later than an event', async () => {
    const { services } = openBench();
    const said = (seconds: number) => ({ source: 'hr', occurredAt: plus(seconds) });
    await noteGroup(services, 'demo', said(10), TRAVEL, false);
    expect(await laterName(services, 'demo', said(5), TOURS)).toBe('Travel');
    expect(await laterName(services, 'demo', said(10), TOURS)).toBeUndefined();
    expect(await laterName(services, 'demo', said(5), { id: 'g2' })).toBeUndefined();
    await noteGroup(services, 'demo', said(20), TRAVEL, true);
    expect(await laterName(services, 'demo', said(5), TOURS)).toBeUndefined();
  });

  it('is read as it may be stored', async () => {
    const { services, directory } = openBench();
    await directory.writeDocument('demo#group-mark#hr', 'g1', { at: 5, display: 5 });
    const said = { source: 'hr', occurredAt: plus(5) };
    expect(await laterName(services, 'demo', said, TOURS)).toBeUndefined();
    expect(await noteGroup(services, 'demo', said, TOURS, false)).toBe(true);
    expect((await directory.readDocument('demo#group-mark#hr', 'g1'))?.body).toEqual({
      at: plus(5),
      display: 'Tours',
    });
  });
});
