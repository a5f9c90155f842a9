import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import { openSqliteTable } from '../../functions/directory/sqlite/table.ts';

const NOW = Date.parse('2026-11-23T10:00:00.000Z');
const clock = { now: () => NOW, sleep: async () => {} };
const at = (seconds: number) => new Date(NOW + seconds * 1000).toISOString();

describe.each([
  ['memory', () => memoryTable(clock)],
  ['SQLite', () => openSqliteTable(':memory:', clock)],
])('pending events in %s', (_, table) => {
  const open = () => openDirectory(table(), clock);
  const pending = (id: string, dueAt: string | undefined, body: object = {}) => ({
    tenant: 'a',
    id,
    body: { ...body },
    ...(dueAt === undefined ? {} : { dueAt }),
  });

  it('are due in the order of their time, each tenant its own', async () => {
    const directory = open();
    await directory.putPendingEvent(pending('late', at(-10)));
    await directory.putPendingEvent(pending('early', at(-20)));
    await directory.putPendingEvent(pending('to come', at(10)));
    await directory.putPendingEvent({ ...pending('another', at(-30)), tenant: 'b' });
    expect((await directory.duePendingEvents('a', NOW, 10)).map(({ id }) => id)).toEqual(['early', 'late']);
    expect((await directory.duePendingEvents('a', NOW + 10_000, 10)).map(({ id }) => id)).toEqual([
      'early',
      'late',
      'to come',
    ]);
  });

  it('for the same thing are one, made of both', async () => {
    const directory = open();
    await directory.putPendingEvent(pending('x', at(0), { from: ['first'] }));
    await directory.putPendingEvent(pending('x', at(5), { from: ['second'] }), ({ body }) => ({
      dueAt: at(5),
      body: { from: [...(body.from as string[]), 'second'] },
    }));
    expect(await directory.duePendingEvents('a', NOW, 10)).toEqual([]);
    expect(await directory.readPendingEvent('a', 'x')).toMatchObject({
      version: 2,
      body: { from: ['first', 'second'] },
    });
  });

  it('without a time wait for a hand', async () => {
    const directory = open();
    await directory.putPendingEvent(pending('x', undefined));
    await directory.putPendingEvent(pending('y', at(0)));
    expect((await directory.unscheduledPendingEvents('a', { limit: 10 })).events.map(({ id }) => id)).toEqual(
      ['x'],
    );
    expect((await directory.duePendingEvents('a', NOW, 10)).map(({ id }) => id)).toEqual(['y']);
  });

  it('are put off or removed only as they were read', async () => {
    const directory = open();
    await directory.putPendingEvent(pending('x', at(0)));
    const [read] = await directory.duePendingEvents('a', NOW, 1);
    if (read === undefined) throw new Error('nothing is due');
    await directory.putPendingEvent(pending('x', at(1)));
    expect(await directory.erasePendingEvent(read)).toBe(false);
    expect(await directory.postponePendingEvent(read, { body: {}, dueAt: at(9) })).toBe(false);
    const current = await directory.readPendingEvent('a', 'x');
    if (current === undefined) throw new Error('the pending event is gone');
    expect(await directory.postponePendingEvent(current, { body: { tried: 1 } })).toBe(true);
    const held = await directory.readPendingEvent('a', 'x');
    expect(held).toMatchObject({ version: 3, body: { tried: 1 } });
    expect(held && (await directory.erasePendingEvent(held))).toBe(true);
    expect(await directory.readPendingEvent('a', 'x')).toBeUndefined();
  });

  it('all come through when many are put at once for one thing', async () => {
    const directory = open();
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        directory.putPendingEvent(pending('x', at(0), { n: [index] }), ({ body }) => ({
          dueAt: at(0),
          body: { n: [...(body.n as number[]), index] },
        })),
      ),
    );
    const { body } = (await directory.readPendingEvent('a', 'x')) ?? { body: { n: [] } };
    expect((body.n as number[]).toSorted()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });
});

it('a person is found by what a source calls them, until it calls them otherwise', async () => {
  const directory = openDirectory(memoryTable(clock), clock);
  const record = {
    tenant: 'a',
    id: 'p1',
    version: 1,
    personVersion: 1,
    createdAt: at(0),
    updatedAt: at(0),
    source: 'hr',
    links: { hr: { id: '7' } },
    person: { userName: 'ada' },
    state: 'waiting',
    priority: 0,
    agent: { customId: 'c', presence: 'none' },
    attempts: { count: 0, unknown: false },
  } as const;
  await directory.createPerson(record);
  const find = async (value: string) =>
    (await directory.findPerson('a', { attribute: 'link', value })).map(({ id }) => id);
  expect([await find('hr/7'), await find('it/7'), await find('hr/8')]).toEqual([['p1'], [], []]);
  await directory.updatePerson(record, {
    ...record,
    version: 2,
    links: { hr: { id: '8' }, it: { id: '7' } },
  });
  expect([await find('hr/7'), await find('it/7'), await find('hr/8')]).toEqual([[], ['p1'], ['p1']]);
});
