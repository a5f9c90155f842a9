import { describe, expect, it } from 'vitest';
import type { GroupRecord } from '../../functions/directory/group.ts';
import {
  markDue,
  markGroupDue,
  markGroupDueLater,
  markPersonsDue,
  removeGroup,
} from '../../functions/provision/mark-due.ts';
import { nextRemapJob } from '../../functions/provision/remap-jobs.ts';
import { aGroup, aPerson } from '../contract/directory.ts';
import { provisionBench } from './bench.ts';

const GROUP = aGroup('demo', 'g1');
const DELETED = { deletedAt: '2026-11-01T00:00:00.000Z' };

/** A group of so many people, all of whom are at rest. */
async function grouped(size: number, more: object = {}) {
  const bench = provisionBench();
  const { directory } = bench;
  const ids = Array.from({ length: size }, (_, index) => `p${String(index).padStart(3, '0')}`);
  await directory.createGroup(GROUP);
  for (const id of ids) await directory.createPerson(aPerson('demo', id, { priority: 1, ...more }));
  await directory.addMembers(
    'demo',
    'g1',
    ids.map((value) => ({ value })),
  );
  const group = await directory.readGroup('demo', 'g1');
  if (group === undefined) throw new Error('no group');
  const due = async () => {
    const persons = await directory.readPersons('demo', ids);
    return persons.filter(({ state }) => state === 'due').map(({ id }) => id);
  };
  return {
    ...bench,
    ids,
    group,
    due,
    job: (now = bench.clock.now()) => nextRemapJob(directory, 'demo', now),
  };
}

const LOST = (group: GroupRecord): GroupRecord => ({ ...group, version: group.version + 7 });

describe('people whose groups change', () => {
  it('are due, and the drain hears of it; ids that no person has are passed over', async () => {
    const { services, due, rung } = await grouped(2);
    await markPersonsDue(services, 'demo', ['nobody']);
    expect(rung).toEqual([]);
    await markPersonsDue(services, 'demo', ['p000', 'nobody']);
    expect(await due()).toEqual(['p000']);
    expect(rung).toEqual(['demo']);
  });

  it('wait in the line that they are in, or that they are given; the deleted have no groups to mind', async () => {
    const { services, directory } = await grouped(1);
    const record = aPerson('demo', 'p000', { priority: 1 });
    await markDue(services, record);
    expect(await directory.readPerson('demo', 'p000')).toMatchObject({ state: 'due', priority: 1 });
    await markDue(services, record, 0);
    expect(await directory.readPerson('demo', 'p000')).toMatchObject({ state: 'due', priority: 0 });
    const gone = aPerson('demo', 'gone', DELETED);
    await directory.createPerson(gone);
    await markDue(services, gone);
    expect(await directory.readPerson('demo', 'gone')).toEqual(gone);
  });

  it('are due page by page where they are many, at once or once the function is certainly dead', async () => {
    const { services, job, rung, clock } = await grouped(0);
    await markGroupDueLater(services, 'demo', 'g1');
    expect(rung).toEqual([]);
    expect(await job()).toBeUndefined();
    expect(await job(clock.now() + 60_000)).toMatchObject({ kind: 'group', groupId: 'g1' });
    await markGroupDue(services, 'demo', 'g1');
    expect(await job()).toMatchObject({ kind: 'group', groupId: 'g1' });
    expect(rung).toEqual(['demo']);
  });
});

describe('a group that is removed', () => {
  it('goes with its memberships at once, and its members are due', async () => {
    const { services, directory, group, ids, due, rung, job } = await grouped(3);
    expect(await removeGroup(services, group)).toBe(true);
    expect(await directory.readGroup('demo', 'g1')).toBeUndefined();
    expect(await due()).toEqual(ids);
    expect(await directory.groupsOf('demo', 'p000')).toEqual([]);
    expect([rung, await job()]).toEqual([['demo'], undefined]);
  });

  it('leaves its deleted members as they are', async () => {
    const { services, group, due } = await grouped(2, DELETED);
    expect(await removeGroup(services, group)).toBe(true);
    expect(await due()).toEqual([]);
  });

  it.each([100, 101])(
    'of %i members goes at once up to a hundred, beyond that by the drain',
    async (size) => {
      const { services, directory, group, due, job, rung } = await grouped(size);
      expect(await removeGroup(services, group)).toBe(true);
      expect(await directory.readGroup('demo', 'g1')).toBeUndefined();
      expect(rung).toEqual(['demo']);
      if (size > 100)
        expect([await due(), await job()]).toMatchObject([[], { kind: 'group', groupId: 'g1' }]);
      else expect([(await due()).length, await job()]).toEqual([size, undefined]);
    },
  );

  it.each([2, 101])('stays where another writer changed it meanwhile (%i members)', async (size) => {
    const { services, directory, group, due, rung, job } = await grouped(size);
    expect(await removeGroup(services, LOST(group))).toBe(false);
    expect(await directory.readGroup('demo', 'g1')).toEqual(group);
    expect([await due(), rung, await job()]).toEqual([[], [], undefined]);
  });
});
