import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { fire } from './load.ts';
import { printReport } from './scim/report.ts';
import type { Costs, Run } from './scim/run.ts';
import { constant, ours, type Peer, peer, scimmy, type Target } from './scim/servers.ts';
import { addMember, creates, OPERATIONS, type Operation, reads, shotsOf } from './scim/shots.ts';

/**
 * The SCIM front door under load: sixteen connections on loopback, SQLite on disk, beside a function that answers a constant
 * behind the same gateway and middy, beside SCIMMY on Express with its resources in memory, and beside any other server
 * that is named (`--peer DIR --start CMD [--base URL] [--token TOKEN]`). What is compared is the processor time that each
 * server uses for a request, all in turns in one run, so that neither the generator nor other work on the machine decides.
 *
 * Persons are stored and not provisioned: SmartAssist's sixty calls a minute are not what is measured here; one row shows
 * creates of persons who are to be agents while no call is free.
 */
const SMALL = 1_000;
const LARGE = 100_000;

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    runs: { type: 'string', default: '3' },
    peer: { type: 'string' },
    start: { type: 'string' },
    base: { type: 'string' },
    token: { type: 'string', default: 'demo-scim-token' },
  },
});

async function main(): Promise<boolean> {
  const other = peerIn(values);
  const folder = mkdtempSync(join(tmpdir(), 'bench-scim-'));
  try {
    const runs: Run[] = [];
    for (let run = 1; run <= Number(values.runs); run += 1) {
      console.error(`Run ${run} of ${values.runs}`);
      runs.push(await measure(folder, `run-${run}`, other));
    }
    return printReport(runs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function peerIn({ peer: folder, start: command, base, token }: typeof values): Peer | undefined {
  if (folder === undefined) return undefined;
  if (command === undefined) throw new Error('--peer DIR needs --start CMD, the command of its server');
  return { folder, command, token, ...(base === undefined ? {} : { base }) };
}

async function measure(folder: string, run: string, other: Peer | undefined): Promise<Run> {
  const targets = {
    small: await ours(folder, SMALL, 'store-only'),
    constant: await constant(),
    scimmy: await scimmy(SMALL),
    large: await ours(folder, LARGE, 'store-only'),
    ...(other === undefined ? {} : { peer: await peer(other, SMALL) }),
  };
  try {
    const found = await inTurns(targets, run);
    const members = await measureMembers(targets.large, run);
    return { ...found, waiting: await costOfWaiting(folder, run), memory: targets.large.memory(), members };
  } finally {
    for (const target of Object.values(targets)) await target.stop();
  }
}

async function costOfWaiting(folder: string, run: string): Promise<number> {
  const target = await ours(folder, SMALL, 'provisioning');
  try {
    await fire(target.base, target.token, creates(500, `${run}-warm`));
    return (await cpuOf(target, 'create', run)).cost;
  } finally {
    await target.stop();
  }
}

/** Each warmed up, then each operation for itself, one server after the other. */
async function inTurns<Targets extends Readonly<Record<string, Target | undefined>>>(
  targets: Targets,
  run: string,
) {
  const named = Object.entries(targets).flatMap(([name, target]) =>
    target === undefined ? [] : [{ name, target, costs: {} as Record<Operation, number> }],
  );
  let generator = 0;
  for (const { target } of named) {
    const { base, token, ids } = target;
    await fire(base, token, creates(500, `${run}-warm`));
    await fire(base, token, reads(ids, 500));
  }
  for (const operation of OPERATIONS) {
    console.error(`  ${operation}`);
    for (const { target, costs } of named) {
      const { cost, used } = await cpuOf(target, operation, run);
      costs[operation] = cost;
      generator = Math.max(generator, used);
    }
  }
  const costs = Object.fromEntries(named.map((each) => [each.name, each.costs]));
  return { ...(costs as { [Name in keyof Targets]: Costs }), generator };
}

async function cpuOf(target: Target, operation: Operation, run: string) {
  const { ids, users, shots, base, token } = target;
  const requests = shotsOf(operation, { ids, users, number: shots[operation], prefix: run });
  const [before, own, began] = [target.cpuMs(), process.cpuUsage(), performance.now()];
  await fire(base, token, requests);
  const { user, system } = process.cpuUsage(own);
  const used = (user + system) / 1_000 / (performance.now() - began);
  return { cost: (target.cpuMs() - before) / requests.length, used };
}

/** Each run adds other members, and to the small group first, so that both are as warm. */
async function measureMembers({ base, token, ids }: Target, run: string): Promise<[number, number]> {
  const median = async (group: string, from: number): Promise<number> => {
    const shots = ids.slice(from, from + 200).map((id) => addMember(group, `${run}-${id}`));
    return (await fire(base, token, shots)).medianMs;
  };
  await median('small', 0);
  return [await median('small', 200), await median('large', 400)];
}

process.exitCode = (await main()) ? 0 : 1;
