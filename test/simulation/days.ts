import { execFile } from 'node:child_process';
import { expect, test } from 'vitest';

/** What a failing seed has to say is at the end: what is wrong, and how to see it again. */
const TAIL = 3_000;

/**
 * Runs seeds as `npm run simulate` does, in a process of its own, with smaller days: these take less than a second each.
 * There are two files of them, one for each core; `npm run simulate -- --seeds 10000` goes on from there.
 */
export function daysComeRight(from: number, to: number): void {
  const seeds = to - from + 1;
  test(`${seeds} days (seeds ${from} to ${to}) come right, whatever fails`, {
    timeout: 600_000,
  }, async () => {
    const argv = [
      'test/simulation/main.ts',
      '--seeds',
      String(seeds),
      '--from',
      String(from),
      '--persons',
      '12',
    ];
    const said = await new Promise<string>((resolve) => {
      execFile(process.execPath, argv, { maxBuffer: 1 << 28 }, (_error, stdout, stderr) => {
        resolve((stdout + stderr).trimEnd().slice(-TAIL));
      });
    });
    expect(said).toMatch(new RegExp(`^${seeds} seeds, .+: all is well$`, 'm'));
  });
}
