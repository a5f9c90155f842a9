import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDirectory } from '../../functions/directory/directory.ts';
import type { Listed, ReasonCode } from '../../functions/directory/people/listed.ts';
import { openSqliteTable } from '../../functions/directory/sqlite/table.ts';
import { listFailures } from '../../functions/operate/people/failures.ts';
import { listPeople, type PeopleFilter } from '../../functions/operate/people/list.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { aPerson } from '../contract/directory.ts';

/**
 * `npm run bench -- people`: what an operator waits for with 100,000 people, 2,000 of whom have failed. It fails where
 * reading takes more than a second for a page of `people`, or three for `failures`; the commands as programs, with the start
 * of Node and of what they load, are shown beside it.
 */
const PEOPLE = 100_000;
const FAILED_EVERY = 50;
const AT_ONCE = 500;
const REASONS: readonly ReasonCode[] = ['unknown-name', 'unusable-value', 'refused'];
const SINCE = '2030-01-01T00:00:00.000Z';
const TENANT = { name: 'demo', account: 'account:demo' };
const PAGE = { limit: 50 };

const folder = mkdtempSync(join(tmpdir(), 'agent-provisioner-people-'));
const table = openSqliteTable(join(folder, 'directory.sqlite'), systemClock);
const directory = openDirectory(table, systemClock);
try {
  await fill();
  const people = (filter: PeopleFilter) => async () => {
    const page = await listPeople({ directory }, TENANT, filter, PAGE);
    return `${page.people.length} people`;
  };
  await read('people --state failed', 1_000, people({ state: 'failed' }));
  await read('people --search p099', 1_000, people({ search: 'p099' }));
  await read('failures', 3_000, async () => `${(await listFailures({ directory }, 'demo')).count} failed`);
  for (const command of ['--help', 'people --state failed', 'failures']) {
    console.log(`agent-provisioner ${command}: ${Math.round(measure(command.split(' ')))} ms as a program`);
  }
} finally {
  table.close();
  rmSync(folder, { recursive: true, force: true });
}

async function read(name: string, limit: number, work: () => Promise<string>): Promise<void> {
  const began = performance.now();
  const found = await work();
  const took = performance.now() - began;
  console.log(`${name}: ${found} in ${took.toFixed(1)} ms of ${limit}`);
  if (took > limit) process.exitCode = 1;
}

async function fill(): Promise<void> {
  for (let from = 0; from < PEOPLE; from += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => directory.createPerson(personOf(from + i))));
  }
}

function personOf(index: number) {
  const id = `p${String(index).padStart(6, '0')}`;
  const isFailed = index % FAILED_EVERY === 0;
  const reason = REASONS[(index / FAILED_EVERY) % REASONS.length] ?? 'refused';
  const listed: Listed = isFailed
    ? { state: 'failed', reason, since: SINCE }
    : { state: 'provisioned', reason: 'done', since: SINCE };
  const lastError = { code: 'invalid', message: `rule "billing": ${reason}`, at: SINCE, reason };
  return aPerson('demo', id, {
    state: isFailed ? 'failed' : 'provisioned',
    listed,
    attempts: { count: 1, unknown: false, ...(isFailed ? { lastError } : {}) },
  });
}

/** Milliseconds from the start of the program to its end. */
function measure(argv: readonly string[]): number {
  const began = performance.now();
  const { status, stderr } = spawnSync(process.execPath, ['cli/main.ts', '--data-dir', folder, ...argv], {
    encoding: 'utf8',
  });
  if (status === 2) throw new Error(stderr);
  return performance.now() - began;
}
