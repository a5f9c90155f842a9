import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Stryker } from '@stryker-mutator/core';
import { PARTS } from './parts.ts';

/**
 * `npm run mutate [-- PART …] [--only 'functions/events/*.ts']`: changes the product's code in thousands of small ways, one
 * at a time, and sees whether the tests near it notice. Without a part all of them are tried. Ends with what is known of
 * every part, the other ones as they were tried last, and fails where a part holds less than it has to.
 */
const { values, positionals } = parseArgs({
  options: { only: { type: 'string', multiple: true }, concurrency: { type: 'string', default: '2' } },
  allowPositionals: true,
});

/** What has become of a mutant, as Stryker's reports say it. */
const NOTICED = new Set(['Killed', 'Timeout']);
const MISSED = new Set(['Survived', 'NoCoverage']);

interface Tried {
  readonly killed: number;
  readonly timedOut: number;
  readonly survived: number;
  readonly uncovered: number;
  readonly score: number;
}

const reportOf = (name: string) => `reports/mutation/${name}.json`;

function tried(name: string): Tried | undefined {
  if (!existsSync(reportOf(name))) return undefined;
  const report = JSON.parse(readFileSync(reportOf(name), 'utf8')) as {
    readonly files: Readonly<Record<string, { readonly mutants: readonly { readonly status: string }[] }>>;
  };
  const found = Object.values(report.files).flatMap(({ mutants }) => mutants.map(({ status }) => status));
  const count = (wanted: string) => found.filter((status) => status === wanted).length;
  const noticed = found.filter((status) => NOTICED.has(status)).length;
  const missed = found.filter((status) => MISSED.has(status)).length;
  return {
    killed: count('Killed'),
    timedOut: count('Timeout'),
    survived: count('Survived'),
    uncovered: count('NoCoverage'),
    score: Math.floor((10_000 * noticed) / (noticed + missed)) / 100,
  };
}

const chosen = positionals.length > 0 ? positionals : Object.keys(PARTS);
for (const name of chosen) {
  if (PARTS[name] === undefined) throw new Error(`${name} is none of ${Object.keys(PARTS).join(', ')}`);
}
if (values.only !== undefined && chosen.length > 1) throw new Error('--only wants one part');

for (const name of chosen) {
  // The runner's processes read it: see vitest.config.ts.
  process.env.MUTATED_PART = name;
  const { mutate = [] } = PARTS[name] ?? {};
  await new Stryker({
    mutate: [...(values.only ?? mutate)],
    concurrency: Number(values.concurrency),
    // A part of a part is no measure of it.
    jsonReporter: { fileName: reportOf(values.only === undefined ? name : `only-${name}`) },
    htmlReporter: { fileName: `reports/mutation/${name}.html` },
  }).runMutationTest();
}

const rows = Object.entries(PARTS).map(([name, { least }]) => {
  const now = tried(name);
  if (now === undefined) return `| ${name} | not tried yet | | | | ${least} % |`;
  if (values.only === undefined && chosen.includes(name) && now.score < least) process.exitCode = 1;
  const { score, killed, timedOut, survived, uncovered } = now;
  return `| ${name} | ${score} % | ${killed} + ${timedOut} | ${survived} | ${uncovered} | ${least} % |`;
});
const table = [
  '| part | noticed | killed + timed out | survived | reached by no test | at least |',
  '|---|---|---|---|---|---|',
  ...rows,
];
writeFileSync('reports/mutation/summary.md', `${table.join('\n')}\n`);
process.stdout.write(`\n${table.join('\n')}\n`);
