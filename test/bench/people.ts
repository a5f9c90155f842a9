import { spawnSync } from 'node:child_process';
import type { Directory } from '../../functions/directory/directory.ts';
import type { Listed, ReasonCode } from '../../functions/directory/people/listed.ts';
import { listFailures } from '../../functions/operate/people/failures.ts';
import { listPeople } from '../../functions/operate/people/list.ts';
import { aPerson } from '../contract/directory.ts';
import { demoCatalogue } from '../mapping/demo.ts';
import { type Goal, printGoals } from './goals.ts';
import { Meter, type Use } from './meter.ts';
import { onBothStores } from './stores/both.ts';

/**
 * `npm run bench -- people`: what an operator waits for with 100,000 people, 2,000 of whom have failed, in SQLite and on
 * DynamoDB Local. A page of `people` may take a second and one request, `failures` three seconds; so may the commands as
 * programs, with the start of Node and of what they load, beside which `--help` may take half a second and `explain` 0.8.
 */
const PEOPLE = Number(process.env.BENCH_PEOPLE ?? 100_000);
const FAILED_EVERY = 50;
const REASONS: readonly ReasonCode[] = ['unknown-name', 'unusable-value', 'refused'];
const SINCE = '2030-01-01T00:00:00.000Z';
const TENANT = { name: 'demo', account: 'account:demo' };
const PAGE = { limit: 50 };
const SECOND = 1_000;
/** Of so many runs of a program the fastest counts: the first compiles, and others work beside it. */
const RUNS = 5;

interface Read {
  readonly name: string;
  readonly mostMs: number;
  readonly mostRequests?: number;
  readonly work: (directory: Directory) => Promise<string>;
}

const READS: readonly Read[] = [
  {
    name: 'people --state failed',
    mostMs: SECOND,
    mostRequests: 1,
    work: async (directory) => {
      const { people } = await listPeople({ directory }, TENANT, { state: 'failed' }, PAGE);
      return `${people.length} people`;
    },
  },
  {
    name: 'people --search p099',
    mostMs: SECOND,
    work: async (directory) => {
      const { people } = await listPeople({ directory }, TENANT, { search: 'p099' }, PAGE);
      return `${people.length} people`;
    },
  },
  {
    name: 'failures',
    mostMs: 3 * SECOND,
    work: async (directory) => `${(await listFailures({ directory }, TENANT.name)).count} failed`,
  },
];

/** The commands as programs; those that read the directory may take as long as what they read. */
const PROGRAMS: readonly (readonly [command: string, mostMs: number])[] = [
  ['--help', SECOND / 2],
  ['explain p000001', 0.8 * SECOND],
  ['people --state failed', SECOND],
  ['failures', 3 * SECOND],
];

const goals: Goal[] = [];

function note(
  what: string,
  store: string,
  { found, ms, use }: { readonly found: string; readonly ms: number; readonly use?: Use },
  { mostMs, mostRequests }: Pick<Read, 'mostMs' | 'mostRequests'>,
): void {
  const of = `${what}, ${store}`;
  const units =
    use === undefined ? '' : ` in ${use.requests} requests and ${use.readUnits.toFixed(1)} read units`;
  console.log(`${of}: ${found} ${ms.toFixed(0)} ms${units}`);
  goals.push({ what: of, is: ms, unit: 'ms', most: mostMs });
  if (use === undefined || mostRequests === undefined) return;
  goals.push({ what: of, is: use.requests, unit: 'requests', most: mostRequests });
}

async function measure(store: string, directory: Directory, meter?: Meter): Promise<void> {
  for (const read of READS) {
    let found = '';
    let ms = 0;
    const once = async () => {
      const began = performance.now();
      found = await read.work(directory);
      ms = performance.now() - began;
    };
    const use = meter === undefined ? await once() : await meter.during(once);
    note(read.name, store, { found, ms, ...(use === undefined ? {} : { use }) }, read);
  }
}

function measurePrograms(store: string, options: readonly string[], environment: NodeJS.ProcessEnv): void {
  for (const [command, mostMs] of PROGRAMS) {
    const argv = ['cli/agent-provisioner.js', ...options, ...command.split(' ')];
    const taken = Array.from({ length: RUNS }, () => timeOf(argv, environment));
    note(`${command}, as a program`, store, { found: '', ms: Math.min(...taken) }, { mostMs });
  }
}

function timeOf(argv: readonly string[], environment: NodeJS.ProcessEnv): number {
  const began = performance.now();
  const env = { ...process.env, ...environment };
  const { status, stderr } = spawnSync(process.execPath, argv, { encoding: 'utf8', env });
  if (status === 2) throw new Error(stderr);
  return performance.now() - began;
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

console.log(`${PEOPLE} people, ${Math.ceil(PEOPLE / FAILED_EVERY)} of them failed`);
await onBothStores(PEOPLE, personOf, async ({ name, directory, options, environment, client }) => {
  // Which explain asks for.
  await directory.writeDocument(TENANT.name, 'catalogue', { ...demoCatalogue });
  await measure(name, directory, client && new Meter(client));
  measurePrograms(name, options, environment);
});
printGoals(goals);
