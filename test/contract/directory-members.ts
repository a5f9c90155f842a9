import { expect, it } from 'vitest';
import type { Member } from '../../functions/directory/group.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { aGroup, aPerson, type DirectoryUnderTest, next } from './directory.ts';

export function directoryMembers(test: DirectoryUnderTest): void {
  const many = (count: number, from = 0): Member[] =>
    Array.from({ length: count }, (_, i) => ({ value: `m${String(from + i).padStart(4, '0')}` }));
  const members = async (group: string): Promise<Member[]> =>
    (await test.directory.listMembers(test.tenant, group, { limit: 5_000 })).members;

  it('are added once and removed once, however often that is asked; the answer has what changed', async () => {
    const { directory, tenant } = test;
    const ada = { value: 'ada', display: 'Ada', type: 'User' };
    expect(await directory.addMembers(tenant, 'g', [ada])).toEqual(['ada']);
    expect(await directory.addMembers(tenant, 'g', [ada])).toEqual([]);
    const both = [{ value: 'bob' }, ada, { value: 'bob' }];
    expect(await directory.addMembers(tenant, 'g', both)).toEqual(['bob']);
    expect(await members('g')).toEqual([ada, { value: 'bob' }]);
    expect(await directory.countMembers(tenant, 'g')).toBe(2);
    expect(await directory.removeMembers(tenant, 'g', ['ada', 'nobody'])).toEqual(['ada']);
    expect(await directory.removeMembers(tenant, 'g', ['ada'])).toEqual([]);
    expect(await directory.removeMembers(tenant, 'g', ['bob', 'bob'])).toEqual(['bob']);
    expect(await directory.removeMembers(tenant, 'g', [])).toEqual([]);
    expect(await directory.addMembers(tenant, 'g', [])).toEqual([]);
    expect([await members('g'), await directory.countMembers(tenant, 'g')]).toEqual([[], 0]);
  });

  it('cost the same number of requests in a small group and in a large one', async () => {
    const { directory, tenant } = test;
    const cost = async (call: () => Promise<unknown>): Promise<number> => {
      const before = test.requests();
      await call();
      return test.requests() - before;
    };
    const costs = async (group: string) => [
      await cost(() => directory.addMembers(tenant, group, [{ value: 'new' }])),
      await cost(() => directory.addMembers(tenant, group, [{ value: 'new' }])),
      await cost(() => directory.addMembers(tenant, group, [{ value: 'new' }, { value: 'newer' }])),
      await cost(() => directory.removeMembers(tenant, group, ['new', 'newer'])),
      await cost(() => directory.removeMembers(tenant, group, ['new'])),
      await cost(() => directory.countMembers(tenant, group)),
      await cost(() => directory.groupsOf(tenant, 'new')),
    ];
    await directory.addMembers(tenant, 'large', many(600));
    expect(await costs('large')).toEqual(await costs('small'));
    expect(await cost(() => directory.addMembers(tenant, 'large', [{ value: 'one' }]))).toBe(1);
  });

  it('change together with the records of those concerned, or neither does', async () => {
    const { directory, tenant } = test;
    const touch = (record: PersonRecord) => ({ ...record, version: record.version + 1, source: 'touched' });
    await directory.createPerson(aPerson(tenant, 'ada'));
    const both = [{ value: 'ada' }, { value: 'nobody' }];
    expect(await directory.addMembers(tenant, 'g', both, touch)).toEqual(['ada', 'nobody']);
    const added = await directory.readPerson(tenant, 'ada');
    expect(added).toMatchObject({ source: 'touched', version: 2 });
    expect(await directory.addMembers(tenant, 'g', both, touch)).toEqual([]);
    expect(await directory.readPerson(tenant, 'ada')).toEqual(added);
    if (added === undefined) throw new Error('ada is gone');
    // Two writers change the record at the same time: the second finds it changed, and the removal is done again.
    const [change, other] = await Promise.all([
      directory.removeMembers(tenant, 'g', ['ada'], touch),
      directory.updatePerson(added, { ...touch(added), source: 'other' }),
    ]);
    expect(change).toEqual(['ada']);
    expect(await directory.readPerson(tenant, 'ada')).toMatchObject({
      source: 'touched',
      version: other.ok ? 4 : 3,
    });
    expect(await directory.removeMembers(tenant, 'g', ['nobody'], () => undefined)).toEqual(['nobody']);
  });

  it('of many are added and removed with their records', async () => {
    const { directory, tenant } = test;
    const ids = many(25).map(({ value }) => value);
    for (const id of ids) await directory.createPerson(aPerson(tenant, id));
    const touch = (record: PersonRecord) => ({ ...record, version: record.version + 1 });
    expect(await directory.addMembers(tenant, 'g', many(25), touch)).toEqual(ids);
    expect(await directory.replaceMembers(tenant, 'g', [], touch)).toEqual({ added: [], removed: ids });
    const versions = (await directory.readPersons(tenant, ids)).map(({ version }) => version);
    expect(new Set(versions)).toEqual(new Set([3]));
  });

  it('may be ids that nobody has yet, and resolve when the person arrives', async () => {
    const { directory, tenant } = test;
    await directory.createGroup(aGroup(tenant, 'g', { displayName: 'Billing' }));
    await directory.addMembers(tenant, 'g', [{ value: 'later' }]);
    expect(await members('g')).toEqual([{ value: 'later' }]);
    await directory.createPerson(aPerson(tenant, 'later'));
    expect(await directory.groupsOf(tenant, 'later')).toEqual([{ id: 'g', display: 'Billing' }]);
  });

  it('know their groups by the names of today, without groups that are gone', async () => {
    const { directory, tenant } = test;
    const [old, gone] = [
      aGroup(tenant, 'a', { displayName: 'Old' }),
      aGroup(tenant, 'b', { displayName: 'Gone' }),
    ];
    for (const group of [old, gone]) {
      await directory.createGroup(group);
      await directory.addMembers(tenant, group.id, [{ value: 'ada' }]);
    }
    await directory.addMembers(tenant, 'never-made', [{ value: 'ada' }]);
    expect((await directory.groupsOf(tenant, 'ada')).map(({ display }) => display)).toEqual(['Old', 'Gone']);
    await directory.updateGroup(old, next(old, { group: { displayName: 'New' } }));
    await directory.eraseGroup(gone);
    expect(await directory.groupsOf(tenant, 'ada')).toEqual([{ id: 'a', display: 'New' }]);
    expect(await directory.groupsOf(`${tenant}x`, 'ada')).toEqual([]);
  });

  it('of many persons are found at once, in few groups and in many, with the names of today', async () => {
    const { directory, tenant } = test;
    const ids = Array.from({ length: 40 }, (_, i) =>
      `p${String(i).padStart(2, '0')}\u{1F600}`.slice(0, 3 + (i % 3)),
    );
    const groups = Array.from({ length: 12 }, (_, i) =>
      aGroup(tenant, `g${i}`, { displayName: `Group ${i}` }),
    );
    const askAll = async () => {
      const found = await directory.groupsOfMany(tenant, ids);
      for (const id of ids) expect(found.get(id)).toEqual(await directory.groupsOf(tenant, id));
      return [...found.values()].flat().length;
    };
    expect(await askAll()).toBe(0);
    for (const [i, group] of groups.entries()) {
      await directory.createGroup(group);
      const members = ids.filter((_, person) => person % (i + 1) === 0);
      await directory.addMembers(
        tenant,
        group.id,
        [...members, 'a', 'p10-', 'z'].map((value) => ({ value })),
      );
      await directory.addMembers(tenant, 'never-made', [{ value: ids[0] ?? '' }]);
      if (i % 4 === 3) expect(await askAll()).toBeGreaterThan(40);
    }
    // Too many of others lie between them to be read by group.
    await directory.addMembers(
      tenant,
      'g0',
      Array.from({ length: 90 }, (_, i) => ({ value: `p20-${i}` })),
    );
    expect(await askAll()).toBeGreaterThan(100);
    expect((await directory.groupsOfMany(tenant, [])).size).toBe(0);
  });

  it('of one group all arrive when they are added in parallel', async () => {
    const { directory, tenant } = test;
    const calls = Array.from({ length: 10 }, (_, i) => [...many(3, i * 3), ...many(1)]);
    const added = await Promise.all(calls.map((call) => directory.addMembers(tenant, 'g', call)));
    expect(added.flat().sort()).toEqual(many(30).map(({ value }) => value));
    expect(await members('g')).toEqual(many(30));
    expect(await directory.countMembers(tenant, 'g')).toBe(30);
  });

  it('are added and removed by one caller alone when several try', async () => {
    const { directory, tenant } = test;
    const times = Array.from({ length: 8 });
    const added = await Promise.all(times.map(() => directory.addMembers(tenant, 'g', many(1))));
    expect(added.flat()).toEqual(['m0000']);
    const removed = await Promise.all(times.map(() => directory.removeMembers(tenant, 'g', ['m0000'])));
    expect(removed.flat()).toEqual(['m0000']);
    expect(await directory.countMembers(tenant, 'g')).toBe(0);
  });

  it('are replaced by touching only what differs', async () => {
    const { directory, tenant } = test;
    await directory.addMembers(tenant, 'g', many(230));
    const result = await directory.replaceMembers(tenant, 'g', many(230, 60));
    expect(result.added.sort()).toEqual(many(60, 230).map(({ value }) => value));
    expect(result.removed.sort()).toEqual(many(60).map(({ value }) => value));
    expect(await members('g')).toEqual(many(230, 60));
    expect(await directory.countMembers(tenant, 'g')).toBe(230);
    expect(await directory.replaceMembers(tenant, 'g', many(230, 60))).toEqual({ added: [], removed: [] });
  });

  it('are listed by id in pages that leave none out', async () => {
    const { directory, tenant } = test;
    await directory.addMembers(tenant, 'g', many(5).toReversed());
    const first = await directory.listMembers(tenant, 'g', { limit: 3 });
    expect(first.members).toEqual(many(3));
    const second = await directory.listMembers(tenant, 'g', { limit: 3, after: first.next ?? '' });
    expect(second).toEqual({ members: many(2, 3) });
  });

  it.each(['x'.repeat(2_000), '#', '~x', 'a\ud800', ''])('may have the unusual id %j', async (value) => {
    const { directory, tenant } = test;
    await directory.createGroup(aGroup(tenant, 'g'));
    expect(await directory.addMembers(tenant, 'g', [{ value }])).toEqual([value]);
    expect(await members('g')).toEqual([{ value }]);
    expect(await directory.groupsOf(tenant, value)).toHaveLength(1);
    expect(await directory.removeMembers(tenant, 'g', [value])).toEqual([value]);
  });
}
