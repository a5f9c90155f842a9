import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { openDirectory } from '../../functions/directory/directory.ts';
import { openSqliteTable } from '../../functions/directory/sqlite/table.ts';
import type { Query, Table } from '../../functions/directory/table.ts';
import { providers } from '../../functions/providers/registry.ts';
import { openServices } from '../../functions/provision/services.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { silentLog } from '../../functions/runtime/log.ts';
import { silentMetrics } from '../../functions/runtime/metrics.ts';
import { httpTransport } from '../../functions/runtime/transport.ts';
import { readSource } from '../../functions/sources/sync/reading.ts';
import { openListed } from '../../functions/sources/sync/source.ts';
import type { Finished, ReadingKind } from '../../functions/sources/sync/state.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import type { Secrets } from '../../functions/tenant/secrets/secrets.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { demoTenant } from '../mapping/demo.ts';
import { printGoals } from './goals.ts';

/**
 * `npm run bench -- sync`: reads a source of 100,000 people in Okta's shape, served by a stand-in on loopback in a process
 * of its own, into a directory on disk: all of them for the first time, all again unchanged, and 100 changes of them. And
 * 10,000 people the same way, so that what a change costs can be compared. Fails when a goal is missed.
 */

const SIZES = [100_000, 10_000] as const;
const CHANGES = 100;
const GOALS = { initialSeconds: 60, megabytes: 300, readUnitsAPerson: 1, ratio: 1.2 };
const TOKEN = 'bench-token';

/** What the directory was asked for. Read units as DynamoDB counts them: 4 KB of an item, or of a query's answer. */
interface Use {
  readUnits: number;
  writes: number;
  requests: number;
}

function metered(table: Table, use: Use): Table {
  // Counting takes time itself: of a short answer the one unit that it costs at least, of a long one its length.
  const unitsOf = (values: readonly unknown[]) =>
    values.length < 10 ? 1 : Math.ceil(JSON.stringify(values).length / 4_096);
  const query = (ask: (query: Query) => ReturnType<Table['query']>) => async (asked: Query) => {
    const page = await ask(asked);
    use.requests += 1;
    use.readUnits += unitsOf(page.items);
    return page;
  };
  return {
    get: async (key) => {
      const item = await table.get(key);
      use.requests += 1;
      use.readUnits += 1;
      return item;
    },
    getMany: async (keys) => {
      const items = await table.getMany(keys);
      use.requests += 1;
      use.readUnits += items.length;
      return items;
    },
    query: query((asked) => table.query(asked)),
    queryDue: query((asked) => table.queryDue(asked)),
    getCounts: (keys) => table.getCounts(keys),
    write: (writes) => {
      use.requests += 1;
      use.writes += writes.length;
      return table.write(writes);
    },
  };
}

interface Measured extends Use {
  readonly seconds: number;
  /** Seconds of this process's work, whatever else the machine does. */
  readonly cpuSeconds: number;
  /** The most memory that the process has had so far. */
  readonly megabytes: number;
  readonly finished: Finished;
}

async function measureSize(people: number): Promise<Record<ReadingKind, Measured>> {
  const folder = mkdtempSync(join(tmpdir(), 'provisioner-sync-'));
  const standIn = spawn(
    process.execPath,
    [join(import.meta.dirname, 'sync/stand-in.ts'), String(people), TOKEN],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const said = standIn.stdout[Symbol.asyncIterator]();
  const line = async () => String((await said.next()).value).trim();
  const table = openSqliteTable(join(folder, 'directory.sqlite'), systemClock);
  try {
    const baseUrl = await line();
    const use: Use = { readUnits: 0, writes: 0, requests: 0 };
    const settings = sourceSchema.parse({ preset: 'okta-event-hook', fetch: { baseUrl }, sync: {} });
    const configuration: TenantConfiguration = {
      ...demoTenant(),
      // Rules on groups would have each person read by id.
      rules: demoTenant().rules.filter((rule) => !JSON.stringify(rule).includes('groups')),
      sources: { okta: settings },
    };
    const secret = {
      clientId: '',
      clientSecret: '',
      scimTokens: [],
      sources: { 'okta.fetch': [TOKEN] },
      keys: [],
    };
    const services = openServices({
      directory: openDirectory(metered(table, use), systemClock),
      secrets: { get: async () => secret, refresh: async () => secret } as unknown as Secrets,
      transport: httpTransport,
      clock: systemClock,
      random: Math.random,
      randomId: () => uuidv7(),
      log: silentLog,
      metrics: silentMetrics,
      ring: async () => {},
    });
    const provisioning = openTenant('demo', configuration, services);
    const read = async (kind: ReadingKind): Promise<Measured> => {
      const source = await openListed(providers, provisioning, services, 'okta', settings);
      if (source === undefined) throw new Error('Okta can not be listed');
      const before = { ...use };
      const begun = performance.now();
      const cpu = process.cpuUsage();
      const end = await readSource(source, { kind, until: Number.MAX_SAFE_INTEGER });
      if (end.outcome !== 'done') throw new Error(JSON.stringify(end));
      return {
        seconds: (performance.now() - begun) / 1_000,
        cpuSeconds: cpuSecondsSince(cpu),
        // In kilobytes.
        megabytes: process.resourceUsage().maxRSS / 1_024,
        finished: end.finished,
        readUnits: use.readUnits - before.readUnits,
        writes: use.writes - before.writes,
        requests: use.requests - before.requests,
      };
    };
    const initial = await read('initial');
    const full = await read('full');
    // Once, so that what was created is no change any more.
    await read('delta');
    standIn.stdin.write(`${CHANGES}\n`);
    await line();
    return { initial, full, delta: await read('delta') };
  } finally {
    standIn.kill();
    table.close();
    rmSync(folder, { recursive: true });
  }
}

function cpuSecondsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000_000;
}

/** Each size has a process of its own, with no more memory for objects than this, in MB. */
const HEAP = 200;
/** For new ones, in MB a half: on a machine with much memory V8 would let these grow to 128 MB in all. */
const YOUNG = 16;

function measureApart(people: number): Record<ReadingKind, Measured> {
  const ran = spawnSync(
    process.execPath,
    [
      `--max-old-space-size=${HEAP}`,
      `--max-semi-space-size=${YOUNG}`,
      join(import.meta.dirname, 'main.ts'),
      'sync',
      String(people),
    ],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 26 },
  );
  if (ran.status !== 0) throw new Error(`measuring ${people} people ended with ${ran.status}`);
  return JSON.parse(ran.stdout);
}

const [, asked] = process.argv.slice(2);
if (asked === undefined) main();
else console.log(JSON.stringify(await measureSize(Number(asked))));

function main(): void {
  const found = new Map<number, Record<ReadingKind, Measured>>();
  for (const size of SIZES) {
    const measured = measureApart(size);
    found.set(size, measured);
    console.log(`\n${size} people`);
    for (const [
      kind,
      { seconds, cpuSeconds, megabytes, readUnits, writes, requests, finished },
    ] of Object.entries(measured)) {
      const numbers = [
        `${seconds.toFixed(1)} s`,
        `${cpuSeconds.toFixed(1)} s of CPU`,
        `${megabytes.toFixed(0)} MB`,
        `${finished.calls} calls`,
        `${readUnits} read units`,
        `${writes} writes in ${requests} requests`,
        JSON.stringify(finished.counts),
      ];
      console.log(`  ${kind.padEnd(8)}${numbers.join(' · ')}`);
    }
  }

  const [large, small] = SIZES.map((size) => found.get(size));
  if (small === undefined || large === undefined) throw new Error('nothing was measured');
  const [people] = SIZES;
  const ratio = large.delta.requests / small.delta.requests;
  const pages = Math.ceil(people / 200);
  printGoals([
    { what: 'initial reading', is: large.initial.seconds, unit: 's', most: GOALS.initialSeconds },
    { what: 'most memory until its end', is: large.initial.megabytes, unit: 'MB', most: GOALS.megabytes },
    {
      what: 'unchanged reading, read units a person',
      is: large.full.readUnits / people,
      most: GOALS.readUnitsAPerson,
    },
    // Its own place and its end.
    { what: 'unchanged reading, writes', is: large.full.writes, most: 10 },
    { what: 'requests of a delta, at 100,000 by at 10,000', is: ratio, most: GOALS.ratio },
    { what: 'calls of the initial reading, by pages', is: large.initial.finished.calls / pages, most: 1 },
  ]);
}
