import { beforeEach, describe, expect, it } from 'vitest';
import { type Directory, openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import { inTurn } from '../../functions/reconcile/turns.ts';

let now: number;
let directory: Directory;
let writes: number;
beforeEach(() => {
  now = Date.UTC(2030, 0, 1);
  writes = 0;
  const clock = { now: () => now, sleep: async () => {} };
  const opened = openDirectory(memoryTable(clock), clock);
  directory = {
    ...opened,
    writeDocument: (...terms) => counted(opened.writeDocument(...terms)),
    eraseDocument: (...terms) => counted(opened.eraseDocument(...terms)),
  };
});

function counted<T>(result: T): T {
  writes += 1;
  return result;
}

/** The turns of a run of so many milliseconds, each of which takes a second. */
async function run(tenants: readonly string[], milliseconds: number, loop = 'minute') {
  const turns: string[] = [];
  const clock = { now: () => now, sleep: async () => {} };
  const done = await inTurn({ directory, clock }, loop, tenants, now + milliseconds, async (tenant) => {
    turns.push(tenant);
    now += 1_000;
  });
  expect(done).toBe(turns.length);
  return turns.join('');
}

const TENANTS = [...'abcde'];

describe('the turns of tenants', () => {
  it('are all of them in a run that has the time, which writes nothing down', async () => {
    expect(await run(TENANTS, 60_000)).toBe('abcde');
    expect(await run(TENANTS, 60_000)).toBe('abcde');
    expect(writes).toBe(0);
  });

  it('go on with the next one after a run whose time was over, and begin with the first one again', async () => {
    expect(await run(TENANTS, 2_500)).toBe('abc');
    expect(await run(TENANTS, 60_000)).toBe('deabc');
    expect(await run(TENANTS, 60_000)).toBe('abcde');
  });

  it.each([
    ['at the very end of the time none begins', 2_000, 'ab'],
    ['a moment before it one does', 2_001, 'abc'],
    ['without any time the first one has its turn, so that all get on', 0, 'a'],
    ['late already, too', -5_000, 'a'],
  ])('are limited by time: %s', async (_, milliseconds, turns) => {
    expect(await run(TENANTS, milliseconds)).toBe(turns);
  });

  it('reach everybody in runs that have time for one alone', async () => {
    const turns: string[] = [];
    for (const _ of TENANTS) turns.push(await run(TENANTS, 0));
    expect(turns.join('')).toBe('abcde');
  });

  it('begin with the first one where the next one is configured no more', async () => {
    expect(await run(TENANTS, 2_000)).toBe('ab');
    expect(await run([...'abde'], 60_000)).toBe('abde');
  });

  it('are kept for each loop by itself', async () => {
    expect(await run(TENANTS, 2_000, 'minute')).toBe('ab');
    expect(await run(TENANTS, 1_000, 'census')).toBe('a');
    expect(await run(TENANTS, 1_000, 'minute')).toBe('c');
    expect(await run(TENANTS, 1_000, 'census')).toBe('b');
  });

  it('are none where no tenant is configured', async () => {
    expect(await run([], 60_000)).toBe('');
  });
});
