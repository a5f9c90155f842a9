import { describe, expect, it } from 'vitest';
import { openDirectory } from '../../../functions/directory/directory.ts';
import { memoryTable } from '../../../functions/directory/memory.ts';
import {
  isLookedFor,
  isReconciliationWanted,
  requestReconciliation,
} from '../../../functions/provision/agent/search.ts';
import { HandClock, START } from '../../local/simulator-bench.ts';

const HOUR_MS = 3_600_000;
const iso = (at: number) => new Date(at).toISOString();

/** A tenant whose last reconciliation began at a time and stands at a phase, as it keeps itself in the directory. */
async function opened(last?: { readonly startedAt?: number; readonly phase?: string }) {
  const clock = new HandClock();
  const directory = openDirectory(memoryTable(clock), clock);
  const services = { directory, clock };
  const began = (startedAt: number | undefined, phase = 'done') =>
    directory.writeDocument('demo', 'census', {
      phase,
      ...(startedAt === undefined ? {} : { startedAt: iso(startedAt) }),
    });
  if (last !== undefined) await began(last.startedAt, last.phase);
  return {
    clock,
    services,
    began,
    isLookedFor: (since?: number) =>
      isLookedFor(services, 'demo', since === undefined ? undefined : iso(since)),
    isWanted: () => isReconciliationWanted(services, 'demo'),
  };
}

describe('an agent that stands in a person’s way, asked for the first time', () => {
  it.each([
    ['no reconciliation ever began', undefined],
    ['what is stored says no time', { phase: 'done' }],
    ['the last one began more than an hour ago', { startedAt: START - HOUR_MS - 1, phase: 'done' }],
    ['one that began long ago never ended', { startedAt: START - 2 * HOUR_MS, phase: 'agents' }],
  ])('is looked for by a reconciliation that is begun for it where %s', async (_, last) => {
    const { isLookedFor: isSought, isWanted } = await opened(last);
    expect(await isWanted()).toBe(false);
    expect(await isSought()).toBe(true);
    expect(await isWanted()).toBe(true);
  });

  it.each([START - HOUR_MS, START - 1])(
    'is not looked for where a reconciliation of the last hour is done, and none is begun',
    async (startedAt) => {
      const { isLookedFor: isSought, isWanted } = await opened({ startedAt, phase: 'done' });
      expect(await isSought()).toBe(false);
      expect(await isWanted()).toBe(false);
    },
  );

  it('waits for a reconciliation of the last hour that is under way, and begins no other', async () => {
    const { isLookedFor: isSought, isWanted } = await opened({ startedAt: START - HOUR_MS, phase: 'agents' });
    expect(await isSought()).toBe(true);
    expect(await isWanted()).toBe(false);
  });
});

describe('an agent that is looked for', () => {
  it('is not there where a reconciliation that began at that time or later is done', async () => {
    const { isLookedFor: isSought, isWanted } = await opened({ startedAt: START, phase: 'done' });
    expect(await isSought(START)).toBe(false);
    expect(await isSought(START - 60_000)).toBe(false);
    expect(await isWanted()).toBe(false);
  });

  it('may be there while a reconciliation that began since is under way, which is waited for', async () => {
    const { isLookedFor: isSought, isWanted } = await opened({ startedAt: START, phase: 'agents' });
    expect(await isSought(START)).toBe(true);
    expect(await isWanted()).toBe(false);
  });

  it('may be there where the last reconciliation began before: another one is begun', async () => {
    const { isLookedFor: isSought, isWanted } = await opened({ startedAt: START - 1, phase: 'done' });
    expect(await isSought(START)).toBe(true);
    expect(await isWanted()).toBe(true);
  });

  it('is looked for by one reconciliation, however many persons ask meanwhile', async () => {
    const { services, clock, isLookedFor: isSought } = await opened();
    await isSought();
    const first = await services.directory.readDocument('demo', 'census-wanted');
    clock.advance(60_000);
    await isSought(START);
    await isSought(START + 60_000);
    expect(await services.directory.readDocument('demo', 'census-wanted')).toEqual(first);
  });

  it('is asked for anew where the reconciliation that was asked for began before the search did', async () => {
    const { clock, began, isLookedFor: isSought, isWanted } = await opened();
    await isSought();
    await began(START);
    clock.advance(60_000);
    expect(await isWanted()).toBe(false);
    expect(await isSought(START + 60_000)).toBe(true);
    expect(await isWanted()).toBe(true);
  });

  it('is given up after a day without a reconciliation', async () => {
    const { clock, isLookedFor: isSought, isWanted } = await opened();
    clock.advance(24 * HOUR_MS);
    expect(await isSought(START)).toBe(true);
    clock.advance(1);
    expect(await isSought(START)).toBe(false);
    const other = await opened();
    other.clock.advance(24 * HOUR_MS + 1);
    expect(await other.isLookedFor(START)).toBe(false);
    expect(await other.isWanted()).toBe(false);
    expect(await isWanted()).toBe(true);
  });
});

describe('a reconciliation that is asked for', () => {
  it('is wanted until one begins, and by its own tenant alone', async () => {
    const { services, clock, began, isWanted } = await opened({ startedAt: START - 1 });
    expect(await isWanted()).toBe(false);
    await requestReconciliation(services, 'demo');
    expect(await isWanted()).toBe(true);
    expect(await isReconciliationWanted(services, 'second')).toBe(false);
    await began(START, 'agents');
    expect(await isWanted()).toBe(false);
    clock.advance(1);
    await requestReconciliation(services, 'demo');
    expect(await isWanted()).toBe(true);
  });

  it('is not wanted where what is stored of the wish names no time', async () => {
    const { services, isWanted } = await opened();
    await services.directory.writeDocument('demo', 'census-wanted', { at: '2026-11-23T10:00:00Z' });
    expect(await isWanted()).toBe(false);
  });
});
