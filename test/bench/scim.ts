import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { openDirectory } from '../../functions/directory/directory.ts';
import { PRIORITY } from '../../functions/directory/record.ts';
import { openSqliteTable } from '../../functions/directory/sqlite/table.ts';
import { customIdOf } from '../../functions/provision/custom-id.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { fire, type Shot, type Volley } from './load.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { userOf } from './user.ts';

/**
 * The SCIM front door under load: sixteen connections on loopback, SQLite on disk, beside SCIMMY on Express with its
 * resources in memory, both in this run. Persons are stored and not provisioned: SmartAssist's sixty calls a minute are
 * not what is measured here; the last row shows creates of persons who are to be agents while no call is free.
 */
const TOKEN = 'demo-scim-token';
const SMALL = 1_000;
const LARGE = 100_000;
const SHOTS = { create: 4_000, read: 8_000, 'userName eq': 4_000, patch: 4_000 } as const;
/** SCIMMY reads all users for a look-up: a rate is known from fewer of them. */
const SCIMMY_SHOTS = { create: 1_000, read: 2_000, 'userName eq': 48, patch: 500 } as const;
type Operation = keyof typeof SHOTS;
const OPERATIONS = Object.keys(SHOTS) as Operation[];
/** Our throughput as a multiple of SCIMMY's. */
const GOALS: Record<Operation, number> = { create: 3, read: 2, 'userName eq': 15, patch: 8 };
/** The least part of the throughput that has to be left at the large size. */
const KEEPS = 0.8;
const MEMORY_MB = 250;
const MEMBER_RATIO = 1.2;

type Rates = Record<Operation, number>;

async function main(): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-scim-'));
  try {
    const small = await ours(folder, SMALL, 'store-only');
    const scimmy = await theirs();
    const large = await ours(folder, LARGE, 'store-only');
    const waiting = await ours(folder, SMALL, 'provisioning');
    return report(small, scimmy, large, waiting);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Measured {
  readonly rates: Rates;
  readonly memory: number;
  /** Milliseconds to add a member to a group of ten, and to one of as many as there are users. */
  readonly members: readonly [number, number];
}

async function ours(folder: string, users: number, mode: 'store-only' | 'provisioning'): Promise<Measured> {
  const dataDir = join(folder, `${mode}-${users}`);
  console.error(`Agent Provisioner with ${users} users, ${mode}`);
  const ids = await populate(dataDir, users);
  const configuration = join(folder, 'provisioner.yaml');
  const shipped = readFileSync('provisioner.yaml', 'utf8');
  writeFileSync(
    configuration,
    mode === 'provisioning'
      ? shipped
      : shipped.replace(/^ {4}provisionWhen: .*$/m, `    provisionWhen: 'userName eq "nobody"'`),
  );
  const server = await startServer(
    'local/start.ts',
    [],
    {
      PORT: '0',
      SIMULATOR_PORT: '0',
      DATA_DIR: dataDir,
      CONFIGURATION: configuration,
      SCIM_PROFILE: 'generic',
    },
    /SCIM base URL\s+(\S+)/,
  );
  try {
    const rates = await measure(server, ids, SHOTS);
    return { rates, memory: server.memory(), members: await measureMembers(server, ids) };
  } finally {
    await server.stop();
  }
}

async function theirs(): Promise<Rates> {
  const folder = join(import.meta.dirname, 'scimmy');
  if (!existsSync(join(folder, 'node_modules'))) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
  }
  console.error(`SCIMMY with ${SMALL} users`);
  const server = await startServer(join(folder, 'server.mjs'), [], {}, /(http:\S+)/);
  try {
    const created = await fire(server.base, TOKEN, creates(SMALL, 'first'));
    return await measure(server, idsOf(created), SCIMMY_SHOTS);
  } finally {
    await server.stop();
  }
}

/** Warmed up, then each operation for itself. */
async function measure(
  server: ServerProcess,
  ids: readonly string[],
  shots: Readonly<Record<Operation, number>>,
): Promise<Rates> {
  const rates = {} as Rates;
  const say = (what: string) => console.error(`  ${what}`);
  await fire(server.base, TOKEN, creates(500, 'warm'));
  await fire(server.base, TOKEN, reads(ids, 500));
  say('create');
  rates.create = (await fire(server.base, TOKEN, creates(shots.create, 'new'))).perSecond;
  say('read');
  rates.read = (await fire(server.base, TOKEN, reads(ids, shots.read))).perSecond;
  say('userName eq');
  rates['userName eq'] = (await fire(server.base, TOKEN, lookUps(shots['userName eq']))).perSecond;
  say('patch');
  rates.patch = (await fire(server.base, TOKEN, patches(ids, shots.patch))).perSecond;
  return rates;
}

async function measureMembers(server: ServerProcess, ids: readonly string[]): Promise<[number, number]> {
  const median = async (group: string, from: number): Promise<number> => {
    const shots = ids.slice(from, from + 200).map(
      (id): Shot => ({
        method: 'PATCH',
        path: `/Groups/${group}`,
        body: {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [{ op: 'add', path: 'members', value: [{ value: `guest-${id}` }] }],
        },
        expect: [200, 204],
      }),
    );
    return (await fire(server.base, TOKEN, shots)).medianMs;
  };
  await median('small', 0);
  return [await median('small', 200), await median('large', 400)];
}

/** A directory with so many users, a group of ten of them and a group of all, written as the product writes them. */
async function populate(dataDir: string, users: number): Promise<string[]> {
  const { mkdirSync } = await import('node:fs');
  mkdirSync(dataDir, { recursive: true });
  const table = openSqliteTable(join(dataDir, 'directory.sqlite'), systemClock);
  const directory = openDirectory(table, systemClock);
  const at = new Date().toISOString();
  const ids: string[] = [];
  const BATCH = 500;
  for (let from = 0; from < users; from += BATCH) {
    await Promise.all(
      Array.from({ length: Math.min(BATCH, users - from) }, async (_, offset) => {
        const id = uuidv7();
        ids.push(id);
        const result = await directory.createPerson({
          tenant: 'demo',
          id,
          version: 1,
          personVersion: 1,
          createdAt: at,
          updatedAt: at,
          source: 'bench',
          person: userOf(`first-${from + offset}`) as never,
          state: 'waiting',
          priority: PRIORITY.interactive,
          agent: { customId: customIdOf('demo', id), presence: 'none' },
          attempts: { count: 0, unknown: false },
        });
        if (!result.ok) throw new Error('a user was there before');
      }),
    );
  }
  for (const [id, members] of [
    ['small', ids.slice(0, 10)],
    ['large', ids],
  ] as const) {
    const group = { displayName: `Group ${id}` };
    await directory.createGroup({
      tenant: 'demo',
      id,
      version: 1,
      groupVersion: 1,
      createdAt: at,
      updatedAt: at,
      group,
    });
    await directory.addMembers(
      'demo',
      id,
      members.map((value) => ({ value })),
    );
  }
  table.close();
  return ids;
}

const creates = (number: number, prefix: string): Shot[] =>
  Array.from({ length: number }, (_, index) => ({
    method: 'POST',
    path: '/Users',
    body: userOf(`${prefix}-${index}`),
    expect: [201],
  }));
const reads = (ids: readonly string[], number: number): Shot[] =>
  Array.from({ length: number }, (_, index) => ({
    method: 'GET',
    path: `/Users/${ids[(index * 7919) % ids.length]}`,
    expect: [200],
  }));
const lookUps = (number: number): Shot[] =>
  Array.from({ length: number }, (_, index) => ({
    method: 'GET',
    path: `/Users?filter=${encodeURIComponent(`userName eq "first-${(index * 7919) % SMALL}@example.com"`)}`,
    expect: [200],
  }));
const patches = (ids: readonly string[], number: number): Shot[] =>
  Array.from({ length: number }, (_, index) => ({
    method: 'PATCH',
    path: `/Users/${ids[(index * 7919) % ids.length]}`,
    body: {
      schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
      Operations: [{ op: 'replace', value: { displayName: `Patched ${index}` } }],
    },
    expect: [200, 204],
  }));

const idsOf = ({ answers }: Volley): string[] =>
  answers.map((answer) => (JSON.parse(answer) as { id: string }).id);

function report(small: Measured, scimmy: Rates, large: Measured, waiting: Measured): boolean {
  const rows = OPERATIONS.map((operation) => {
    const ratio = small.rates[operation] / scimmy[operation];
    const kept = large.rates[operation] / small.rates[operation];
    return {
      operation,
      'a second': Math.round(small.rates[operation]),
      'SCIMMY a second': Math.round(scimmy[operation]),
      ratio: Number(ratio.toFixed(1)),
      goal: GOALS[operation],
      'at 100,000': Math.round(large.rates[operation]),
      kept: Number(kept.toFixed(2)),
      ok: ratio >= GOALS[operation] && kept >= KEEPS,
    };
  });
  console.table(rows);
  const [ten, all] = large.members;
  const member = { ten, all, ratio: Number((all / ten).toFixed(2)), goal: MEMBER_RATIO };
  const memory = { megabytes: Math.round(large.memory), goal: MEMORY_MB };
  const due = { 'creates a second with no call free': Math.round(waiting.rates.create) };
  console.log('Adding a member, ms in the median: group of 10 / of 100,000', member);
  console.log('Resident memory at 100,000 users', memory);
  console.log('Persons who are to be agents', due);
  console.log(JSON.stringify({ rows, member, memory, due }));
  const met = rows.every(({ ok }) => ok) && member.ratio <= MEMBER_RATIO && memory.megabytes < MEMORY_MB;
  console.log(met ? 'All goals are met.' : 'A goal is missed.');
  return met;
}

process.exitCode = (await main()) ? 0 : 1;
