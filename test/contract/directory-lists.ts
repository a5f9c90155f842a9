import { expect, it } from 'vitest';
import type { Listed } from '../../functions/directory/people/listed.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { compact } from '../../functions/runtime/compact.ts';
import { aPerson, type DirectoryUnderTest, next } from './directory.ts';

export function directoryLists(test: DirectoryUnderTest): void {
  const at = (minute: number) => `2030-01-15T10:${String(minute).padStart(2, '0')}:00.000Z`;
  const listed = (state: 'failed' | 'waiting' | 'suspended', reason: Listed['reason'], minute: number) => ({
    state,
    listed: { state, reason, since: at(minute) },
  });
  const failed = (id: string, reason: Listed['reason'], minute: number, more: Partial<PersonRecord> = {}) =>
    aPerson(test.tenant, id, { ...listed('failed', reason, minute), ...more });
  const createAll = async (...records: PersonRecord[]) => {
    for (const record of records) expect(await test.directory.createPerson(record)).toEqual({ ok: true });
  };
  const ids = (page: { readonly persons: readonly PersonRecord[] }) => page.persons.map(({ id }) => id);

  it('have those of a state by reason, and of a reason those first who have been there longest', async () => {
    await createAll(
      failed('d', 'refused', 1),
      failed('b', 'unknown-name', 5),
      failed('c', 'unknown-name', 2),
      aPerson(test.tenant, 'w', listed('waiting', 'inactive', 0)),
      aPerson(test.tenant, 'p', { listed: { state: 'provisioned', reason: 'done', since: at(0) } }),
    );
    const list = (...[state, page]: [Parameters<typeof test.directory.listedPersons>[1], object?]) =>
      test.directory.listedPersons(test.tenant, state, { limit: 9, ...page });
    expect(ids(await list('failed'))).toEqual(['d', 'c', 'b']);
    expect(ids(await list('failed', { reason: 'unknown-name' }))).toEqual(['c', 'b']);
    expect(ids(await list('failed', { reason: 'unusable-value' }))).toEqual([]);
    expect(ids(await list('waiting'))).toEqual(['w']);
    const first = await list('failed', { limit: 2 });
    expect(ids(first)).toEqual(['d', 'c']);
    const second = await list('failed', { limit: 2, after: first.next });
    expect({ ids: ids(second), next: second.next }).toEqual({ ids: ['b'], next: undefined });
    expect(ids(await test.directory.listedPersons(`${test.tenant}x`, 'failed', { limit: 9 }))).toEqual([]);
  });

  it('follow each change of a record, and end with it', async () => {
    const first = failed('a', 'refused', 1);
    await createAll(first);
    const count = () => test.directory.countListed(test.tenant, 'failed');
    const list = async () => ids(await test.directory.listedPersons(test.tenant, 'failed', { limit: 9 }));
    expect([await count(), await list()]).toEqual([1, ['a']]);
    const due = next(first, {
      state: 'due',
      dueAt: at(2),
      listed: { state: 'due', reason: 'queued', since: at(2) },
    });
    await test.directory.updatePerson(first, due);
    expect([await count(), await list()]).toEqual([0, []]);
    expect(ids(await test.directory.queuedPersons(test.tenant, { limit: 9 }))).toEqual(['a']);
    const { dueAt: _, ...rest } = next(due, listed('failed', 'refused', 3));
    await test.directory.updatePerson(due, rest);
    expect([await count(), await list()]).toEqual([1, ['a']]);
    await test.directory.erasePerson(rest);
    expect([await count(), await list()]).toEqual([0, []]);
  });

  it('have the deleted ones for whom nothing is left to do, in the order in which they are erased', async () => {
    const gone = (id: string, state: 'suspended' | 'removed', day: number) =>
      aPerson(test.tenant, id, {
        state,
        listed: { state, reason: 'deleted', since: at(0) },
        deletedAt: at(0),
        eraseAt: `2030-02-${day}T10:00:00.000Z`,
      });
    await createAll(gone('a', 'removed', 12), gone('b', 'suspended', 11), gone('c', 'removed', 10));
    await createAll(aPerson(test.tenant, 'd', listed('suspended', 'inactive', 1)));
    const first = await test.directory.deletedPersons(test.tenant, { limit: 2 });
    expect(ids(first)).toEqual(['c', 'b']);
    const second = await test.directory.deletedPersons(test.tenant, {
      limit: 2,
      ...compact({ after: first.next }),
    });
    expect({ ids: ids(second), next: second.next }).toEqual({ ids: ['a'], next: undefined });
    expect(ids(await test.directory.listedPersons(test.tenant, 'suspended', { limit: 9 }))).toEqual(['d']);
  });

  it('count records that a group makes due in one transaction with the group', async () => {
    const people = Array.from({ length: 10 }, (_, i) => failed(`f${i}`, 'refused', i));
    await createAll(...people);
    const { directory, tenant } = test;
    const markDue = (record: PersonRecord): PersonRecord =>
      next(record, { state: 'due', dueAt: at(9), listed: { state: 'due', reason: 'queued', since: at(9) } });
    await directory.addMembers(
      tenant,
      'g',
      people.map(({ id }) => ({ value: id })),
      markDue,
    );
    expect(await directory.countListed(tenant, 'failed')).toBe(0);
    expect((await directory.queuedPersons(tenant, { limit: 20 })).persons).toHaveLength(10);
  });

  it('take in what version 0.1.0 wrote once it is written with what lists need', async () => {
    const { directory, tenant } = test;
    const old = aPerson(tenant, 'a', { state: 'failed' });
    await createAll(old);
    const named = async () => ids(await directory.namedPersons(tenant, 'a@', { limit: 9 }));
    expect(ids(await directory.listedPersons(tenant, 'failed', { limit: 9 }))).toEqual([]);
    expect([await directory.countListed(tenant, 'failed'), await named()]).toEqual([0, []]);
    const known = next(old, listed('failed', 'invalid', 1));
    await directory.updatePerson(old, known);
    expect(ids(await directory.listedPersons(tenant, 'failed', { limit: 9 }))).toEqual(['a']);
    expect([await directory.countListed(tenant, 'failed'), await named()]).toEqual([1, ['a']]);
    // Put back as it was: nothing is left behind.
    await directory.updatePerson(known, { ...old, version: 3 });
    expect([await directory.countListed(tenant, 'failed'), await named()]).toEqual([0, []]);
  });

  it('find people by the beginning of a userName or an e-mail address, whatever the case', async () => {
    const { directory, tenant } = test;
    const known = { listed: { state: 'provisioned', reason: 'done', since: at(0) } } as const;
    const emails = [{ value: 'Ada.Lovelace@example.com' }];
    const ada = aPerson(tenant, '1', { ...known, person: { userName: 'ADA', emails } });
    const adam = aPerson(tenant, '2', { ...known, person: { userName: 'adam' } });
    const bob = aPerson(tenant, '3', { ...known, person: { userName: 'bob#1' } });
    const gone = aPerson(tenant, '4', { ...known, person: { userName: 'adb' }, deletedAt: at(0) });
    await createAll(ada, adam, bob, gone);
    const named = async (text: string, page: object = {}) =>
      ids(await directory.namedPersons(tenant, text, { limit: 9, ...page }));
    expect(await named('ad')).toEqual(['1', '2']);
    expect(await named('ada.l')).toEqual(['1']);
    expect(await named('Adam')).toEqual(['2']);
    expect(await named('bob#')).toEqual(['3']);
    expect(await named('c')).toEqual([]);
    const pages: string[] = [];
    let after: string | undefined;
    do {
      const page = await directory.namedPersons(tenant, 'a', { limit: 1, ...(after && { after }) });
      pages.push(...ids(page));
      after = page.next;
    } while (after !== undefined);
    expect(pages).toEqual(['1', '2']);
    await directory.updatePerson(bob, next(bob, { person: { userName: 'carl' } }));
    expect([await named('bob'), await named('ca')]).toEqual([[], ['3']]);
  });

  it('cost a healthy person nothing: a change is one item written', async () => {
    const { directory, tenant } = test;
    const done = aPerson(tenant, 'a', { listed: { state: 'provisioned', reason: 'done', since: at(0) } });
    await createAll(done);
    const before = test.requests();
    const due = next(done, {
      state: 'due',
      dueAt: at(1),
      listed: { state: 'due', reason: 'queued', since: at(1) },
    });
    await directory.updatePerson(done, due);
    expect(test.requests() - before).toBe(1);
  });

  it('take names as long as they come', async () => {
    const { directory, tenant } = test;
    const userName = `${'🙂'.repeat(200)}@example.com`;
    const id = 'ä'.repeat(290);
    const listedDone = { listed: { state: 'provisioned', reason: 'done', since: at(0) } } as const;
    await createAll(aPerson(tenant, id, { ...listedDone, person: { userName } }));
    expect(ids(await directory.namedPersons(tenant, userName, { limit: 9 }))).toEqual([id]);
    expect(ids(await directory.namedPersons(tenant, '🙂', { limit: 9 }))).toEqual([id]);
  });
}
