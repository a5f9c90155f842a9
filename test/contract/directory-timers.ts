import { expect, it } from 'vitest';
import { type DirectoryUnderTest, NOON } from './directory.ts';

export function directoryTimers(test: DirectoryUnderTest): void {
  const minute = (at: number) => new Date(NOON + at * 60_000).toISOString();
  const due = async (at: number, limit = 9) => {
    const timers = await test.directory.dueTimers(test.tenant, NOON + at * 60_000, limit);
    return timers.map(({ id }) => id);
  };
  const set = (id: string, at: number) => test.directory.setTimer(test.tenant, { id, at: minute(at) });
  const clear = (id: string, at: number) => test.directory.clearTimer(test.tenant, { id, at: minute(at) });

  it('come from their time on, the earliest first', async () => {
    await set('b', 2);
    await set('c', 3);
    await set('a', 1);
    expect(await due(0.99)).toEqual([]);
    expect(await due(2)).toEqual(['a', 'b']);
    expect(await due(9, 1)).toEqual(['a']);
  });

  it('are one a person: a time takes the place of the one before', async () => {
    await set('a', 1);
    await set('a', 3);
    expect(await due(2)).toEqual([]);
    expect(await due(3)).toEqual(['a']);
  });

  it('are taken away only as the time that they have', async () => {
    await set('a', 1);
    await set('a', 3);
    await clear('a', 1);
    expect(await due(3)).toEqual(['a']);
    await clear('a', 3);
    expect(await due(3)).toEqual([]);
    await clear('a', 3);
  });

  it('are of one tenant', async () => {
    await test.directory.setTimer(`${test.tenant}-other`, { id: 'a', at: minute(0) });
    expect(await due(1)).toEqual([]);
  });
}
