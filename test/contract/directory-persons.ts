import { expect, it } from 'vitest';
import { DirectoryItemError, DirectoryWriteError } from '../../functions/directory/errors.ts';
import { personKey } from '../../functions/directory/keys.ts';
import { aGroup, aPerson, type DirectoryUnderTest, next } from './directory.ts';

export function directoryPersons(test: DirectoryUnderTest): void {
  const ids = async (attribute: 'userName' | 'externalId' | 'email', value: string, tenant = test.tenant) =>
    (await test.directory.findPerson(tenant, { attribute, value })).map(({ id }) => id);

  it('returns a person as it was stored, to its own tenant only', async () => {
    const { directory, tenant } = test;
    const record = aPerson(tenant, 'ada', {
      person: {
        userName: 'Ada@Example.com',
        emails: [{ value: 'ada@work.example', primary: true }],
        'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Søk 🔎' },
      },
      lease: { holder: 'drain', until: 1 },
    });
    expect(await directory.createPerson(record)).toEqual({ ok: true });
    expect(await directory.readPerson(tenant, 'ada')).toEqual(record);
    expect(await directory.readPerson(`${tenant}x`, 'ada')).toBeUndefined();
    expect(await directory.readPerson(tenant, 'nobody')).toBeUndefined();
  });

  it('returns several persons in the order asked, without those that do not exist', async () => {
    const { directory, tenant } = test;
    for (const id of ['a', 'b', 'c']) await directory.createPerson(aPerson(tenant, id));
    const found = await directory.readPersons(tenant, ['c', 'x', 'a', 'c']);
    expect(found.map(({ id }) => id)).toEqual(['c', 'a', 'c']);
  });

  it('lets exactly one of many parallel creates have a userName; the others learn whose it is', async () => {
    const { directory, tenant } = test;
    const records = Array.from({ length: 12 }, (_, i) =>
      aPerson(tenant, `p${i}`, { person: { userName: i % 2 ? 'ada' : 'ADA', externalId: `x${i}` } }),
    );
    const results = await Promise.all(records.map((record) => directory.createPerson(record)));
    const winner = records[results.findIndex(({ ok }) => ok)];
    const lost = { ok: false, reason: 'conflict', conflict: 'userName', id: winner?.id };
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    expect(results.filter(({ ok }) => !ok)).toEqual(Array(11).fill(lost));
    expect(await directory.countPersons(tenant)).toBe(1);
    expect((await directory.listPersons(tenant, { limit: 50 })).persons).toEqual([winner]);
    const found = await Promise.all(records.map((_, i) => ids('externalId', `x${i}`)));
    expect(found.flat()).toEqual([winner?.id]);
  });

  it('refuses an id that is taken', async () => {
    const { directory, tenant } = test;
    await directory.createPerson(aPerson(tenant, 'ada'));
    const other = aPerson(tenant, 'ada', { person: { userName: 'other' } });
    expect(await directory.createPerson(other)).toEqual({
      ok: false,
      reason: 'conflict',
      conflict: 'id',
      id: 'ada',
    });
    expect(await directory.readPerson(tenant, 'ada')).toEqual(aPerson(tenant, 'ada'));
    expect(await ids('userName', 'other')).toEqual([]);
  });

  it('refuses an update of what is not there any more, with what stands there now', async () => {
    const { directory, tenant } = test;
    const first = aPerson(tenant, 'ada');
    const second = next(first, { source: 'webhook' });
    await directory.createPerson(first);
    await directory.updatePerson(first, second);
    const late = next(first, { source: 'late', person: { userName: 'late' } });
    expect(await directory.updatePerson(first, late)).toEqual({
      ok: false,
      reason: 'changed',
      current: second,
    });
    expect(await ids('userName', 'late')).toEqual([]);
    await directory.erasePerson(second);
    expect(await directory.updatePerson(second, next(second))).toEqual({ ok: false, reason: 'changed' });
    expect(await directory.readPerson(tenant, 'ada')).toBeUndefined();
  });

  it('throws when a version does not follow the one before', async () => {
    const { directory, tenant } = test;
    const before = aPerson(tenant, 'ada');
    await directory.createPerson(before);
    for (const after of [before, { ...before, version: 3 }, { ...next(before), id: 'bob' }]) {
      await expect(directory.updatePerson(before, after)).rejects.toThrow(DirectoryWriteError);
    }
  });

  it('takes out all of a person who is erased: keys, places, counts and memberships', async () => {
    const { directory, tenant } = test;
    const record = aPerson(tenant, 'ada', {
      person: { userName: 'ada', externalId: '1', emails: [{ value: 'a@x' }] },
      state: 'due',
      dueAt: '2030-01-01T00:00:00Z',
      agent: { customId: 'c', presence: 'active' },
    });
    // More than go in one transaction, and in two.
    const groups = Array.from({ length: 60 }, (_, i) => `g${i}`);
    await directory.createPerson(record);
    await Promise.all(
      groups.flatMap((group) => [
        directory.createGroup(aGroup(tenant, group)),
        directory.addMembers(tenant, group, [{ value: 'ada' }, { value: 'bob' }]),
      ]),
    );
    expect(await directory.erasePerson(record)).toEqual({ ok: true });
    expect(await directory.readPerson(tenant, 'ada')).toBeUndefined();
    expect([await ids('userName', 'ada'), await ids('externalId', '1'), await ids('email', 'a@x')]).toEqual([
      [],
      [],
      [],
    ]);
    expect(await directory.duePersons(tenant, test.now(), 9)).toEqual([]);
    expect(await directory.countPersons(tenant)).toBe(0);
    expect(await directory.countActiveAgents(tenant)).toBe(0);
    expect(await directory.groupsOf(tenant, 'ada')).toEqual([]);
    const left = await Promise.all(
      groups.map(async (group) => [
        (await directory.listMembers(tenant, group, { limit: 9 })).members,
        await directory.countMembers(tenant, group),
      ]),
    );
    expect(left).toEqual(groups.map(() => [[{ value: 'bob' }], 1]));
    expect(await directory.erasePerson(record)).toEqual({ ok: true });
    expect(await directory.countPersons(tenant)).toBe(0);
    expect(await directory.createPerson(record)).toEqual({ ok: true });
  });

  it('does not erase a person who changed meanwhile', async () => {
    const { directory, tenant } = test;
    const before = aPerson(tenant, 'ada');
    const after = next(before);
    await directory.createPerson(before);
    await directory.addMembers(tenant, 'g', [{ value: 'ada' }]);
    await directory.updatePerson(before, after);
    const result = await directory.erasePerson(before);
    expect(result).toEqual({ ok: false, reason: 'changed', current: after });
    expect(await ids('userName', before.person.userName)).toEqual(['ada']);
    expect(await directory.countMembers(tenant, 'g')).toBe(1);
  });

  it('lists persons by id in pages that leave nobody out, and counts them', async () => {
    const { directory, tenant } = test;
    const all = Array.from({ length: 7 }, (_, i) => `p${i}`);
    await Promise.all(all.toReversed().map((id) => directory.createPerson(aPerson(tenant, id))));
    const seen: string[][] = [];
    let after: string | undefined;
    do {
      const page = await directory.listPersons(tenant, { limit: 3, ...(after !== undefined && { after }) });
      seen.push(page.persons.map(({ id }) => id));
      after = page.next;
    } while (after !== undefined);
    expect(seen).toEqual([all.slice(0, 3), all.slice(3, 6), all.slice(6)]);
    expect(await directory.countPersons(tenant)).toBe(7);
    expect(await directory.countPersons(`${tenant}x`)).toBe(0);
    expect(await directory.listPersons(`${tenant}x`, { limit: 3 })).toEqual({ persons: [] });
  });

  it('neither lists nor counts the deleted, and counts agents in service by themselves', async () => {
    const { directory, tenant } = test;
    const agent = { customId: 'c', presence: 'active' as const };
    const [here, left] = [aPerson(tenant, 'here', { agent }), aPerson(tenant, 'left')];
    await directory.createPerson(here);
    await directory.createPerson(left);
    const deleted = next(left, { deletedAt: '2030-01-02T00:00:00.000Z' });
    await directory.updatePerson(left, deleted);
    expect((await directory.listPersons(tenant, { limit: 9 })).persons).toEqual([here]);
    expect([await directory.countPersons(tenant), await directory.countActiveAgents(tenant)]).toEqual([1, 1]);
    await directory.updatePerson(here, next(here, { agent: { ...agent, presence: 'suspended' } }));
    const { deletedAt: _, ...back } = next(deleted);
    await directory.updatePerson(deleted, back);
    expect([await directory.countPersons(tenant), await directory.countActiveAgents(tenant)]).toEqual([2, 0]);
    expect(await directory.readPerson(tenant, 'left')).toEqual(back);
  });

  it('reports an item of a shape it does not know, with its key, and never drops it', async () => {
    const { directory, table, tenant } = test;
    await directory.createPerson(aPerson(tenant, 'a'));
    const key = personKey(tenant, 'b');
    for (const body of [{ shape: 2, record: aPerson(tenant, 'b') }, {}, { shape: 1 }]) {
      await table.write([{ put: { ...key, version: 1, body, due: { pk: `${tenant}#due`, sk: '0#2' } } }]);
      for (const reading of [
        () => directory.readPerson(tenant, 'b'),
        () => directory.readPersons(tenant, ['a', 'b']),
        () => directory.listPersons(tenant, { limit: 9 }),
        () => directory.duePersons(tenant, test.now(), 9),
      ]) {
        const error = await reading().catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(DirectoryItemError);
        expect(error).toMatchObject({ key, code: 'directory_item' });
      }
    }
  });
}
