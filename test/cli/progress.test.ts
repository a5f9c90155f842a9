import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startProgress } from '../../cli/progress.ts';

const START = Date.parse('2026-11-23T10:00:00Z');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string | Uint8Array) => written.push(String(text)) > 0 };
}

const bar = (full: number) => '█'.repeat(full).padEnd(30, '░');

describe('progress', () => {
  it('is shown with rate and time left where the number is known', () => {
    const to = screen(true);
    const progress = startProgress('Looking at', { total: 1000 }, to);
    vi.setSystemTime(START + 2_000);
    progress.advance(100);
    expect(to.written).toEqual([`\rLooking at ${bar(3)} 100 of 1000 (50 a second, 18 s left)\u001B[K`]);
  });

  it('is shown by the share that is done where the number is not known', () => {
    const to = screen(true);
    let share = 0;
    const progress = startProgress('Reading', { share: () => share }, to);
    vi.setSystemTime(START + 3_000);
    share = 0.75;
    progress.advance(600);
    expect(to.written).toEqual([`\rReading ${bar(23)} 600 (200 a second, 1 s left)\u001B[K`]);
  });

  it('is shown without a bar where nobody knows how much there is', () => {
    const to = screen(true);
    const progress = startProgress('Reading', {}, to);
    vi.setSystemTime(START + 1_000);
    progress.advance(5);
    expect(to.written).toEqual(['\rReading 5 (5 a second)\u001B[K']);
  });

  it('is written ten times a second at the most, and taken away at the end', () => {
    const to = screen(true);
    const progress = startProgress('Reading', { total: 100 }, to);
    for (let done = 0; done < 100; done += 1) {
      vi.setSystemTime(START + done * 10);
      progress.advance();
    }
    expect(to.written.length).toBeGreaterThanOrEqual(9);
    expect(to.written.length).toBeLessThanOrEqual(11);
    progress.end();
    progress.end();
    expect(to.written.filter((text) => text === '\r\u001B[K')).toHaveLength(1);
    expect(to.written.at(-1)).toBe('\r\u001B[K');
  });

  it('writes nothing where there is no terminal', () => {
    const to = screen(false);
    const progress = startProgress('Reading', { total: 1 }, to);
    progress.advance();
    progress.end();
    expect(to.written).toEqual([]);
  });
});
