import { gzipSync } from 'node:zlib';
import { SCRIPT } from '../../functions/console/assets/script.ts';
import { STYLE } from '../../functions/console/assets/style.ts';
import type { Directory } from '../../functions/directory/directory.ts';
import { openConsole } from '../console/console.ts';
import { aPerson } from '../contract/directory.ts';
import { type Goal, printGoals } from './goals.ts';
import { onBothStores } from './stores/both.ts';

/**
 * `npm run bench -- console`: what the first page of the console takes over a contact centre of 100,000, in SQLite and on
 * DynamoDB Local: processor time of this process until the answer is there, which is its first byte, and the time by the
 * clock beside it. Then the size of pages and of what they are dressed with. Fails when anything is over what it may be.
 */
const PEOPLE = Number(process.env.BENCH_PEOPLE ?? 100_000);
const TIMES = 30;
/** One of so many failed, waits for a call, or is held. */
const FAILED_EVERY = 50;
const DUE_EVERY = 200;
const HELD_EVERY = 500;
const MOST_KILOBYTES = { page: 60, script: 10, style: 12 };
const SINCE = '2026-11-23T09:00:00.000Z';

const kilobytes = (what: string, text: string, most: number): Goal => ({
  what,
  is: Buffer.byteLength(text) / 1024,
  unit: 'KB',
  most,
});

const goals: Goal[] = [
  kilobytes('script', SCRIPT, MOST_KILOBYTES.script),
  kilobytes('style', STYLE, MOST_KILOBYTES.style),
];

function personOf(index: number) {
  const id = `p${String(index).padStart(6, '0')}`;
  if (index % HELD_EVERY === 1) {
    const hold = { movement: 'leaving', since: SINCE, counted: 9, limit: 5, seconds: 60 } as const;
    const listed = { state: 'held', reason: 'leaving', since: SINCE } as const;
    return aPerson('demo', id, { state: 'waiting', held: 'brake', hold, listed });
  }
  if (index % DUE_EVERY === 2) {
    const listed = { state: 'due', reason: 'queued', since: SINCE } as const;
    return aPerson('demo', id, { state: 'due', dueAt: SINCE, dueSince: SINCE, listed });
  }
  if (index % FAILED_EVERY === 0) {
    const reason =
      (['unknown-name', 'unusable-value', 'refused'] as const)[(index / FAILED_EVERY) % 3] ?? 'refused';
    const lastError = { code: 'invalid', message: `rule "billing": ${reason}`, at: SINCE, reason };
    const attempts = { count: 1, unknown: false, lastError };
    return aPerson('demo', id, {
      state: 'failed',
      attempts,
      listed: { state: 'failed', reason, since: SINCE },
    });
  }
  const agent = { customId: id, presence: 'active' } as const;
  return aPerson('demo', id, { agent, listed: { state: 'provisioned', reason: 'done', since: SINCE } });
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

async function measure(store: string, directory: Directory, mostMs: number): Promise<void> {
  const console_ = openConsole({ services: () => ({ directory }) });
  for (const path of ['', 'people', 'people?state=failed', 'failures', 'brake', 'mapping', 'set-up']) {
    const taken: { wall: number; cpu: number }[] = [];
    let bytes = 0;
    let packed = 0;
    for (let time = -3; time < TIMES; time += 1) {
      const began = performance.now();
      const before = process.cpuUsage();
      const body = await console_.html(path);
      const { user, system } = process.cpuUsage(before);
      if (time >= 0) taken.push({ wall: performance.now() - began, cpu: (user + system) / 1_000 });
      bytes = Buffer.byteLength(body);
      packed = gzipSync(body).length;
    }
    const [cpu, wall] = [median(taken.map((each) => each.cpu)), median(taken.map((each) => each.wall))];
    const name = `${store} /${path}`.padEnd(30);
    console.log(
      `${name} ${cpu.toFixed(1).padStart(6)} ms of own work, ${wall.toFixed(1).padStart(6)} ms by the clock, ${(bytes / 1024).toFixed(1)} KB (${(packed / 1024).toFixed(1)} KB packed)`,
    );
    if (path === '') goals.push({ what: `Now on ${store}, own work`, is: cpu, unit: 'ms', most: mostMs });
    const what = `/${path} on ${store}`;
    goals.push({ what, is: bytes / 1024, unit: 'KB', most: MOST_KILOBYTES.page });
  }
}

console.log(`the console over ${PEOPLE} people, median of ${TIMES}`);
await onBothStores(PEOPLE, personOf, ({ name, directory }) =>
  measure(name, directory, name === 'SQLite' ? 30 : 100),
);
printGoals(goals);
