import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSqliteTable } from '../../functions/directory/sqlite/table.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { type Goal, printGoals } from './goals.ts';
import { runProgram } from './program.ts';

/**
 * `npm run bench -- import`: what it takes to import 100,000 lines into an empty directory in SQLite, and to import them
 * again, unchanged. Fails when it is over what it may be.
 */
const LINES = 100_000;
const MOST_SECONDS = 10;
const HEADER = 'userName,name.givenName,name.familyName,emails,phoneNumbers,department,groups';

const lineOf = (_: unknown, index: number): string => {
  const address = `agent.${index}@example.com`;
  const department = ['Billing', 'Support', 'Sales'][index % 3];
  return `${address},Given ${index},Family ${index},${address},+49 30 ${1_000_000 + index},${department},Contact Centre`;
};

const goals: Goal[] = [];
const folder = mkdtempSync(join(tmpdir(), 'agent-provisioner-import-'));
try {
  const file = join(folder, 'people.csv');
  writeFileSync(file, `${[HEADER, ...Array.from({ length: LINES }, lineOf)].join('\n')}\n`);
  openSqliteTable(join(folder, 'directory.sqlite'), systemClock).close();
  const argv = ['import', file, '--apply', '--reason', 'benchmark', '--json', '--data-dir', folder];
  for (const what of ['first', 'again']) {
    const { code, seconds, cpuSeconds, megabytes } = await runProgram(argv);
    if (code !== 0) throw new Error(`import ended with ${code}`);
    console.log(`${what}: ${seconds.toFixed(1)} s by the clock, ${megabytes.toFixed(0)} MB`);
    // One thread does it all: on a machine that does nothing else these are the seconds on the clock.
    goals.push({
      what: `${LINES} lines ${what}`,
      is: cpuSeconds,
      unit: 's of a processor',
      most: MOST_SECONDS,
    });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
printGoals(goals);
