import { expect, it } from 'vitest';
import { aPerson, type DirectoryUnderTest, next } from './directory.ts';

/** Persons are found by what identity providers know them by. */
export function directoryKeys(test: DirectoryUnderTest): void {
  const ids = async (attribute: 'userName' | 'externalId' | 'email', value: string, tenant = test.tenant) =>
    (await test.directory.findPerson(tenant, { attribute, value })).map(({ id }) => id);

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
}
