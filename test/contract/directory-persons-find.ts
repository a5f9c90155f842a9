import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DirectoryItemError } from '../../functions/directory/errors.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import type { DirectoryUnderTest } from './directory.ts';
import { aPerson, changed } from './records.ts';

/** Finding persons by what identity providers know them by, and by what there is to do. */
export function findingPersons(test: DirectoryUnderTest): void {
  const find = async (tenant: string, attribute: 'userName' | 'externalId' | 'email', value: string) =>
    (await test.directory.findPerson(tenant, { attribute, value })).map(({ id }) => id);
  const emails = (...values: string[]) => values.map((value) => ({ value }));

  it('finds a person by userName and e-mail whatever the case, by externalId exactly', async () => {
    const tenant = test.tenant();
    const person = { userName: 'Ünal@Example.com', externalId: 'X-1', emails: emails('Work@Example.com') };
    await test.directory.createPerson(aPerson(tenant, 'a', person));

    expect(await find(tenant, 'userName', 'üNAL@example.COM')).toEqual(['a']);
    expect(await find(tenant, 'email', 'WORK@example.com')).toEqual(['a']);
    expect(await find(tenant, 'externalId', 'X-1')).toEqual(['a']);
    expect(await find(tenant, 'externalId', 'x-1')).toEqual([]);
  });

  it('finds all who share an externalId or an e-mail address', async () => {
    const tenant = test.tenant();
    for (const id of ['a', 'b']) {
      const person = { externalId: 'X', emails: emails('team@example.com') };
      await test.directory.createPerson(aPerson(tenant, id, person));
    }

    expect(await find(tenant, 'externalId', 'X')).toEqual(['a', 'b']);
    expect(await find(tenant, 'email', 'team@example.com')).toEqual(['a', 'b']);
  });

  it('finds nobody of another tenant', async () => {
    const [one, other] = [test.tenant(), test.tenant()];
    await test.directory.createPerson(aPerson(one, 'a', { userName: 'ada', externalId: 'X' }));

    expect(await find(other, 'userName', 'ada')).toEqual([]);
    expect(await find(other, 'externalId', 'X')).toEqual([]);
  });

  it('finds the same with as many requests in a directory of 3 and of 60', async () => {
    const tenant = test.tenant();
    const fill = (from: number, to: number) =>
      Promise.all(
        Array.from({ length: to - from }, (_, i) =>
          test.directory.createPerson(aPerson(tenant, `p${from + i}`, { externalId: `x${from + i}` })),
        ),
      );
    const costs = async () => [
      await test.cost(() => find(tenant, 'userName', 'p1@example.com')),
      await test.cost(() => find(tenant, 'externalId', 'x1')),
    ];
    await fill(0, 3);
    const small = await costs();
    await fill(3, 60);

    expect(small).toEqual([
      ['get', 'get'],
      ['query', 'getMany 1'],
    ]);
    expect(await costs()).toEqual(small);
  });

  it('finds a person by the new keys and no more by the old ones after a change', async () => {
    const before = aPerson(test.tenant(), 'a', {
      userName: 'old',
      externalId: 'X-old',
      emails: emails('old@example.com', 'kept@example.com'),
    });
    await test.directory.createPerson(before);
    const after = changed(before, {
      userName: 'new',
      externalId: 'X-new',
      emails: emails('kept@example.com', 'new@example.com'),
    });
    await test.directory.updatePerson(before, after);

    for (const [attribute, gone, there] of [
      ['userName', 'old', 'new'],
      ['externalId', 'X-old', 'X-new'],
      ['email', 'old@example.com', 'new@example.com'],
      ['email', 'old@example.com', 'kept@example.com'],
    ] as const) {
      expect(await find(before.tenant, attribute, gone)).toEqual([]);
      expect(await find(before.tenant, attribute, there)).toEqual(['a']);
    }
  });

  it('stores a person with more e-mail addresses than are indexed, and finds it by the first 20', async () => {
    const tenant = test.tenant();
    const addresses = Array.from({ length: 60 }, (_, i) => `mail${i}@example.com`);
    const record = aPerson(tenant, 'a', { emails: emails(...addresses) });

    expect(await test.directory.createPerson(record)).toEqual({ ok: true });
    expect(await find(tenant, 'email', 'mail19@example.com')).toEqual(['a']);
    expect(await find(tenant, 'email', 'mail20@example.com')).toEqual([]);
    const moved = changed(record, { emails: emails(...addresses.map((address) => `x${address}`)) });
    expect(await test.directory.updatePerson(record, moved)).toEqual({ ok: true });
    expect(await test.directory.erasePerson(moved)).toEqual({ ok: true });
  });

  it.each([
    ['empty', ''],
    ['very long', 'ü'.repeat(3_000)],
    ['of another partition', 'x#user#a'],
    ['as the digest of a long one begins', '~abc'],
    ['with a lone surrogate', 'a\ud800b'],
    ['with an emoji and a line break', '👩‍🚀\n'],
  ])('stores and finds a userName that is %s', async (_, userName) => {
    const tenant = test.tenant();
    expect(await test.directory.createPerson(aPerson(tenant, 'a', { userName }))).toEqual({ ok: true });

    expect(await find(tenant, 'userName', userName)).toEqual(['a']);
    const second = await test.directory.createPerson(aPerson(tenant, 'b', { userName }));
    expect(second).toMatchObject({ ok: false, conflict: 'userName', id: 'a' });
  });

  it('leaves e-mail addresses without a value out of the keys', async () => {
    const tenant = test.tenant();
    const odd = [{ type: 'work' }, { value: '' }, null, { value: 7 }] as unknown as { value: string }[];

    expect(await test.directory.createPerson(aPerson(tenant, 'a', { emails: odd }))).toEqual({ ok: true });
    expect(await find(tenant, 'email', '')).toEqual([]);
  });

  it('gives due records by priority, then the oldest first, and only those due by now', async () => {
    const tenant = test.tenant();
    const at = (seconds: number) => new Date(test.now() + seconds * 1000).toISOString();
    const due = (id: string, priority: 0 | 1, dueAt: string) =>
      test.directory.createPerson(aPerson(tenant, id, {}, { state: 'due', priority, dueAt }));
    await due('back-fill old', 1, at(-90));
    await due('new', 0, at(-10));
    await due('old', 0, at(-60).replace('.000Z', 'Z'));
    await due('now', 0, at(0));
    await due('later', 0, at(1));
    await due('back-fill', 1, at(-20));
    await test.directory.createPerson(aPerson(tenant, 'done'));
    const dueIds = async (limit: number, only = {}) =>
      (await test.directory.duePersons(tenant, test.now(), limit, only)).map(({ id }) => id);

    expect(await dueIds(10)).toEqual(['old', 'new', 'now', 'back-fill old', 'back-fill']);
    expect(await dueIds(4)).toEqual(['old', 'new', 'now', 'back-fill old']);
    expect(await dueIds(2)).toEqual(['old', 'new']);
    expect(await dueIds(10, { priority: 1 })).toEqual(['back-fill old', 'back-fill']);
  });

  it('gives a record as due no more once it is provisioned, and again when it becomes due', async () => {
    const dueAt = new Date(test.now()).toISOString();
    const created = aPerson(test.tenant(), 'a', {}, { state: 'due', dueAt });
    await test.directory.createPerson(created);
    const { dueAt: _, ...rest } = changed(created, {}, { state: 'provisioned' });
    await test.directory.updatePerson(created, rest);
    expect(await test.directory.duePersons(created.tenant, test.now(), 5)).toEqual([]);

    const again = changed(rest, {}, { state: 'due', dueAt });
    await test.directory.updatePerson(rest, again);
    expect(await test.directory.duePersons(created.tenant, test.now(), 5)).toEqual([again]);
  });

  it('refuses a record that is due at no time, and one that has a time and is not due', async () => {
    const tenant = test.tenant();
    for (const odd of [{ state: 'due' }, { state: 'failed', dueAt: '2030-01-01T00:00:00Z' }] as const) {
      const record: PersonRecord = aPerson(tenant, 'a', {}, odd);
      await expect(test.directory.createPerson(record)).rejects.toThrow(DirectoryItemError);
    }
    expect(await test.directory.readPerson(tenant, 'a')).toBeUndefined();
  });

  it('finds exactly who has a userName after any sequence of creates, renames and erasures', async () => {
    const names = ['ada', 'Ada', 'bob', 'eve'] as const;
    const step = fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      userName: fc.constantFrom(...names),
      erase: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const tenant = test.tenant();
        const model = new Map<string, PersonRecord>();
        for (const { id, userName, erase } of steps) {
          const before = model.get(id);
          const taken = [...model.values()].some(
            (other) => other.id !== id && other.person.userName.toLowerCase() === userName.toLowerCase(),
          );
          const after = before ? changed(before, { userName }) : aPerson(tenant, id, { userName });
          if (before && erase) {
            expect(await test.directory.erasePerson(before)).toEqual({ ok: true });
            model.delete(id);
            continue;
          }
          const result = await (before
            ? test.directory.updatePerson(before, after)
            : test.directory.createPerson(after));
          expect(result.ok).toBe(!taken);
          if (result.ok) model.set(id, after);
        }
        for (const name of names) {
          const holders = [...model.values()].filter(
            ({ person }) => person.userName.toLowerCase() === name.toLowerCase(),
          );
          expect(await find(tenant, 'userName', name)).toEqual(holders.map(({ id }) => id));
        }
        expect(await test.directory.countPersons(tenant)).toBe(model.size);
      }),
      { numRuns: 25 },
    );
  });
}
