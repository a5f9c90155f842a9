import { expect, it } from 'vitest';
import { DirectoryItemError } from '../../functions/directory/errors.ts';
import type { PersonRecord, Priority } from '../../functions/directory/record.ts';
import { aPerson, type DirectoryUnderTest, NOON, next } from './directory.ts';

export function directoryDue(test: DirectoryUnderTest): void {
  const minutes = (from: number) => new Date(NOON + from * 60_000).toISOString();
  const dueSince = (id: string, priority: Priority, dueAt: string): PersonRecord =>
    aPerson(test.tenant, id, { state: 'due', priority, dueAt });
  const due = async (...more: [now?: number, limit?: number, only?: { priority: Priority }]) => {
    const [now = NOON, limit = 50, only] = more;
    return (await test.directory.duePersons(test.tenant, now, limit, only)).map(({ id }) => id);
  };
  const createAll = async (...records: PersonRecord[]) => {
    for (const record of records) await test.directory.createPerson(record);
  };

  it('come by priority and then the longest due first, whatever the order they were stored in', async () => {
    await createAll(
      dueSince('d', 1, minutes(-60)),
      dueSince('b', 0, minutes(-5)),
      dueSince('c', 1, minutes(-90)),
      dueSince('a', 0, minutes(-10)),
    );
    expect(await due()).toEqual(['a', 'b', 'c', 'd']);
    expect(await due(NOON, 3)).toEqual(['a', 'b', 'c']);
    expect(await due(NOON, 1)).toEqual(['a']);
    expect(await due(NOON, 50, { priority: 1 })).toEqual(['c', 'd']);
    expect(await due(NOON, 50, { priority: 0 })).toEqual(['a', 'b']);
  });

  it('come from the millisecond on that they are due, not before', async () => {
    await createAll(dueSince('a', 0, minutes(0)), dueSince('b', 1, minutes(1)), dueSince('c', 0, minutes(2)));
    expect(await due(NOON - 1)).toEqual([]);
    expect(await due(NOON)).toEqual(['a']);
    expect(await due(NOON + 60_000)).toEqual(['a', 'b']);
    expect(await due(NOON + 120_000)).toEqual(['a', 'c', 'b']);
  });

  it('sort by time, however it is spelled', async () => {
    await createAll(
      dueSince('later', 0, '2030-01-15T09:30:00Z'),
      dueSince('sooner', 0, '2030-01-15T10:00:00.5+01:00'),
    );
    expect(await due()).toEqual(['sooner', 'later']);
  });

  it('are no more due when the work is done, and due again at their new time', async () => {
    const first = dueSince('a', 0, minutes(-1));
    await createAll(first);
    const { dueAt: _, ...rest } = first;
    const done: PersonRecord = { ...rest, version: 2, state: 'provisioned' };
    await test.directory.updatePerson(first, done);
    expect(await due()).toEqual([]);
    const again = next(done, { state: 'due', priority: 1, dueAt: minutes(5) });
    await test.directory.updatePerson(done, again);
    expect(await due()).toEqual([]);
    expect(await test.directory.duePersons(test.tenant, NOON + 300_000, 9)).toEqual([again]);
  });

  it('are those of one tenant', async () => {
    await createAll(dueSince('a', 0, minutes(-1)));
    expect(await test.directory.duePersons(`${test.tenant}x`, NOON, 9)).toEqual([]);
  });

  it('can not be stored as due without a time, or with a time and not due', async () => {
    const { directory, tenant } = test;
    const never = directory.createPerson(aPerson(tenant, 'a', { state: 'due' }));
    await expect(never).rejects.toThrow(DirectoryItemError);
    const always = directory.createPerson(aPerson(tenant, 'a', { dueAt: minutes(0) }));
    await expect(always).rejects.toThrow(DirectoryItemError);
    expect(await directory.readPerson(tenant, 'a')).toBeUndefined();
  });

  it('wait elsewhere while the brake holds them: in pages, until they are released', async () => {
    const { directory, tenant } = test;
    const held = ['a', 'b', 'c'].map((id) => aPerson(tenant, id, { state: 'waiting', held: 'brake' }));
    await createAll(...held);
    expect(await due()).toEqual([]);
    const first = await directory.heldPersons(tenant, { limit: 2 });
    expect(first.persons).toEqual(held.slice(0, 2));
    const second = await directory.heldPersons(tenant, { limit: 2, after: first.next ?? '' });
    expect(second).toEqual({ persons: held.slice(2) });
    const [record] = held;
    if (!record) throw new Error('nobody is held');
    const { held: _, ...rest } = next(record, { state: 'due', dueAt: minutes(0) });
    await directory.updatePerson(record, rest);
    expect(await due()).toEqual(['a']);
    expect((await directory.heldPersons(tenant, { limit: 9 })).persons).toEqual(held.slice(1));
  });

  it('may be erased once their retention has ended, the oldest first', async () => {
    const { directory, tenant } = test;
    await createAll(
      ...[3, 1, 2].map((day) =>
        aPerson(tenant, `p${day}`, {
          state: 'suspended',
          deletedAt: minutes(0),
          eraseAt: minutes(day * 1_440),
        }),
      ),
    );
    const erasable = async (days: number, limit = 9) =>
      (await directory.erasablePersons(tenant, NOON + days * 86_400_000, limit)).map(({ id }) => id);
    expect(await erasable(0.99)).toEqual([]);
    expect(await erasable(2)).toEqual(['p1', 'p2']);
    expect(await erasable(9, 1)).toEqual(['p1']);
  });
}
