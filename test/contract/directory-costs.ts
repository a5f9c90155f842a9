import { expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import type { Table } from '../../functions/directory/table.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { aPerson, type DirectoryUnderTest, next } from './directory.ts';

/** What the directory asks of its table: the same, however many persons there are. */
export function directoryCosts(test: DirectoryUnderTest): void {
  /** The verbs asked for, each write with how many items it carries. */
  const cost = async (work: (directory: ReturnType<typeof openDirectory>) => Promise<unknown>) => {
    const asked: string[] = [];
    const table = new Proxy(test.table, {
      get: (inner, verb: keyof Table) => {
        if (verb !== 'write') asked.push(verb);
        const write: Table['write'] = (writes) => {
          asked.push(`write ${writes.length}`);
          return inner.write(writes);
        };
        return verb === 'write' ? write : inner[verb];
      },
    });
    await work(openDirectory(table, { now: test.now, sleep: systemClock.sleep }));
    return asked;
  };

  it('are the same for a look-up among 3 persons and among 60', async () => {
    const { directory, tenant } = test;
    const fill = (from: number, to: number) =>
      Promise.all(
        Array.from({ length: to - from }, (_, i) => {
          const person = { userName: `p${from + i}`, externalId: `x${from + i}` };
          return directory.createPerson(aPerson(tenant, `id${from + i}`, { person }));
        }),
      );
    const costs = async () => [
      await cost(({ findPerson }) => findPerson(tenant, { attribute: 'userName', value: 'p1' })),
      await cost(({ findPerson }) => findPerson(tenant, { attribute: 'externalId', value: 'x1' })),
      await cost(({ countPersons }) => countPersons(tenant)),
    ];
    await fill(0, 3);
    const small = await costs();
    await fill(3, 60);

    expect(small).toEqual([['get', 'get'], ['query', 'getMany'], ['getCounts']]);
    expect(await costs()).toEqual(small);
  });

  it('are one item written for a change that touches no key and no count', async () => {
    const { directory, tenant } = test;
    const person = { userName: 'ada', externalId: 'x', emails: [{ value: 'ada@example.com' }] };
    const before = aPerson(tenant, 'a', { person });
    await directory.createPerson(before);
    const after = next(before, { person: { ...person, displayName: 'Ada' } });

    expect(await cost(({ updatePerson }) => updatePerson(before, after))).toEqual(['write 1']);
    expect(await directory.readPerson(tenant, 'a')).toEqual(after);
  });

  it('stay within one transaction for a person with more e-mail addresses than are looked up', async () => {
    const { tenant } = test;
    const emails = (domain: string) =>
      Array.from({ length: 60 }, (_, i) => ({ value: `mail${i}@${domain}` }));
    const before = aPerson(tenant, 'a', { person: { userName: 'a', externalId: '1', emails: emails('x') } });
    const after = next(before, { person: { userName: 'b', externalId: '2', emails: emails('y') } });

    expect(await cost(({ createPerson }) => createPerson(before))).toHaveLength(1);
    expect(await cost(({ updatePerson }) => updatePerson(before, after))).toHaveLength(1);
    const find = (value: string) => test.directory.findPerson(tenant, { attribute: 'email', value });
    expect([await find('mail19@y'), await find('mail20@y'), await find('mail0@x')]).toEqual([
      [after],
      [],
      [],
    ]);
  });

  it('are one request for reading a person, a document, or whether an event was seen', async () => {
    const { tenant } = test;

    expect(await cost(({ readPerson }) => readPerson(tenant, 'a'))).toEqual(['get']);
    expect(await cost(({ readDocument }) => readDocument(tenant, 'd'))).toEqual(['get']);
    expect(await cost(({ writeDocument }) => writeDocument(tenant, 'd', {}, 'absent'))).toEqual(['write 1']);
    expect(await cost(({ markSeen }) => markSeen(tenant, 'e', 60))).toEqual(['write 1']);
  });
}
