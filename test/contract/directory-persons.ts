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

  it('finds by userName and e-mail in any case, by externalId to the letter', async () => {
    const { directory, tenant } = test;
    const person = {
      userName: 'Zoë@Example.com',
      externalId: 'Ext-1',
      emails: [{ value: 'Zoe@Work.example' }, { value: 'zoe@home.example' }, { value: 'ZOE@work.example' }],
    };
    await directory.createPerson(aPerson(tenant, 'zoe', { person }));
    expect(await ids('userName', 'ZOË@example.COM')).toEqual(['zoe']);
    // The same letter, composed of two characters.
    expect(await ids('userName', 'zoe\u0308@example.com')).toEqual(['zoe']);
    expect(await ids('email', 'zoe@WORK.example')).toEqual(['zoe']);
    expect(await ids('email', 'zoe@home.example')).toEqual(['zoe']);
    expect(await ids('externalId', 'Ext-1')).toEqual(['zoe']);
    expect(await ids('externalId', 'ext-1')).toEqual([]);
    expect(await ids('userName', 'zoe@work.example')).toEqual([]);
    expect(await ids('userName', person.userName, `${tenant}x`)).toEqual([]);
  });

  it('finds all who share an e-mail address or an externalId', async () => {
    const { directory, tenant } = test;
    const shared = { externalId: 'same', emails: [{ value: 'desk@example.com' }] };
    for (const id of ['b', 'a']) {
      await directory.createPerson(aPerson(tenant, id, { person: { userName: id, ...shared } }));
    }
    expect(await ids('email', 'desk@example.com')).toEqual(['a', 'b']);
    expect(await ids('externalId', 'same')).toEqual(['a', 'b']);
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

  it('moves the keys of a person who changes: the old ones are free, the kept ones stay', async () => {
    const { directory, tenant } = test;
    const before = aPerson(tenant, 'ada', {
      person: { userName: 'ada', externalId: '1', emails: [{ value: 'a@x' }, { value: 'b@x' }] },
    });
    const after = next(before, {
      person: { userName: 'lady', externalId: '2', emails: [{ value: 'b@x' }, { value: 'c@x' }] },
    });
    await directory.createPerson(before);
    expect(await directory.updatePerson(before, after)).toEqual({ ok: true });
    expect(await directory.readPerson(tenant, 'ada')).toEqual(after);
    for (const value of ['ada', 'lady'])
      expect(await ids('userName', value)).toEqual(value === 'lady' ? ['ada'] : []);
    for (const value of ['1', '2'])
      expect(await ids('externalId', value)).toEqual(value === '2' ? ['ada'] : []);
    for (const value of ['a@x', 'b@x', 'c@x'])
      expect(await ids('email', value)).toEqual(value === 'a@x' ? [] : ['ada']);
    const heir = aPerson(tenant, 'heir', { person: { userName: 'ADA' } });
    expect(await directory.createPerson(heir)).toEqual({ ok: true });
  });

  it('lets a person change the case of the own userName', async () => {
    const { directory, tenant } = test;
    const before = aPerson(tenant, 'ada', { person: { userName: 'ada' } });
    const after = next(before, { person: { userName: 'ADA' } });
    await directory.createPerson(before);
    expect(await directory.updatePerson(before, after)).toEqual({ ok: true });
    expect(await ids('userName', 'aDa')).toEqual(['ada']);
  });

  it('refuses a userName that somebody has, with the id of the holder, and changes nothing', async () => {
    const { directory, tenant } = test;
    const before = aPerson(tenant, 'ada', { person: { userName: 'ada' } });
    await directory.createPerson(before);
    await directory.createPerson(aPerson(tenant, 'bob', { person: { userName: 'bob' } }));
    const after = next(before, { person: { userName: 'BOB', externalId: 'new' } });
    expect(await directory.updatePerson(before, after)).toEqual({
      ok: false,
      reason: 'conflict',
      conflict: 'userName',
      id: 'bob',
    });
    expect(await directory.readPerson(tenant, 'ada')).toEqual(before);
    expect(await ids('externalId', 'new')).toEqual([]);
    expect(await ids('userName', 'ada')).toEqual(['ada']);
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
    const groups = Array.from({ length: 25 }, (_, i) => `g${i}`);
    await directory.createPerson(record);
    for (const group of groups) {
      await directory.createGroup(aGroup(tenant, group));
      await directory.addMembers(tenant, group, [{ value: 'ada' }, { value: 'bob' }]);
    }
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
    for (const group of groups) {
      const { members } = await directory.listMembers(tenant, group, { limit: 9 });
      expect(members).toEqual([{ value: 'bob' }]);
      expect(await directory.countMembers(tenant, group)).toBe(1);
    }
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

  it.each([
    ['of 2,000 characters', 'x'.repeat(2_000)],
    ['of 2,000 characters of four bytes', '😀'.repeat(2_000)],
    ['with the signs that keys are made of', '#~*-'],
    ['that looks like a digest', `~${'A'.repeat(43)}`],
    ['with half a character', 'a\ud800b'],
    ['of one space', ' '],
  ])('takes values %s, and tells them from others alike', async (_, value) => {
    const { directory, tenant } = test;
    const person = { userName: value, externalId: value, emails: [{ value }] };
    const other = { userName: `${value}.`, externalId: `${value}.`, emails: [{ value: `${value}.` }] };
    expect(await directory.createPerson(aPerson(tenant, 'a', { person }))).toEqual({ ok: true });
    expect(await directory.createPerson(aPerson(tenant, 'b', { person: other }))).toEqual({ ok: true });
    const again = await directory.createPerson(aPerson(tenant, 'c', { person }));
    expect(again).toMatchObject({ ok: false, conflict: 'userName', id: 'a' });
    for (const attribute of ['userName', 'externalId', 'email'] as const) {
      expect(await ids(attribute, value)).toEqual(['a']);
      expect(await ids(attribute, `${value}.`)).toEqual(['b']);
    }
    expect((await directory.readPerson(tenant, 'a'))?.person).toEqual(person);
  });

  it('finds nobody by an id or a value that no person can have', async () => {
    const { directory, tenant } = test;
    for (const value of ['', 'x'.repeat(5_000), '\ud800', '\u0000']) {
      expect(await directory.readPerson(tenant, value)).toBeUndefined();
      expect(await ids('userName', value)).toEqual([]);
      expect(await ids('externalId', value)).toEqual([]);
      expect(await ids('email', value)).toEqual([]);
      expect((await directory.listPersons(tenant, { limit: 9, after: value })).persons).toEqual([]);
    }
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
