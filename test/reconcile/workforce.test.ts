import { beforeAll, describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { customIdOf } from '../../functions/provision/custom-id.ts';
import { reconcile } from '../../functions/reconcile/reconciliation.ts';
import { readReconciliation } from '../../functions/reconcile/report.ts';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import { type ProvisionBench, person, provisionBench } from '../provision/bench.ts';

const LIST = 'GET /organizations/{orgId}/agents';
const WORKFORCE = 'GET /analytics/account/{accountId}/agents';
const AVAILABILITY = 'POST /agents/availability';
const HOUR_MS = 3_600_000;
const ACCOUNT_ID = '0123456789abcdef01234567';

/** A contact centre of so many agents, each held by a person, in whom nothing is to be changed. */
async function staffed(count: number, behaviour: BehaviourInput = {}, accountId: string | null = ACCOUNT_ID) {
  const { accountId: _, ...others } = provisionBench().provisioning.tenant.smartassist;
  const bench = provisionBench({
    behaviour,
    tenant: { smartassist: { ...others, ...(accountId === null ? {} : { accountId }) } },
  });
  const { provisioning, simulator, directory, clock } = bench;
  await provisioning.organization.learn(simulator.orgId);
  const at = new Date(clock.now()).toISOString();
  for (let number = 0; number < count; number += 1) {
    const name = `p-${String(number).padStart(5, '0')}`;
    const customId = customIdOf('demo', name);
    const { id: agentId } = simulator.seedAgent({
      emailId: `${name}@example.com`,
      firstName: name,
      customId,
    });
    const record: PersonRecord = {
      tenant: 'demo',
      id: name,
      version: 1,
      personVersion: 1,
      createdAt: at,
      updatedAt: at,
      source: 'test',
      person: person(name),
      state: 'provisioned',
      priority: 1,
      agent: {
        customId,
        agentId,
        account: provisioning.account,
        emailId: `${name}@example.com`,
        presence: 'active',
        appliedAt: at,
      },
      attempts: { count: 0, unknown: false },
    };
    await directory.createPerson(record);
  }
  return bench;
}

async function nightly(bench: ProvisionBench) {
  bench.clock.advance(24 * HOUR_MS);
  const before = bench.simulator.calls();
  const end = await reconcile(bench.provisioning, bench.services, bench.clock.now() + 2 * HOUR_MS, true);
  if (end.outcome !== 'done') throw new Error(JSON.stringify(end));
  const calls = Object.fromEntries(
    [LIST, WORKFORCE, AVAILABILITY].map((name) => [
      name,
      (bench.simulator.calls()[name] ?? 0) - (before[name] ?? 0),
    ]),
  );
  return { ...end.reconciliation, calls };
}

const COUNT = 1_500;

describe('a reconciliation of a large contact centre', () => {
  let bench: ProvisionBench;
  beforeAll(async () => {
    bench = await staffed(COUNT);
  });

  it('reads ids by the hundred, and the pages of ten in the course of some nights', async () => {
    const first = await nightly(bench);
    expect(first).toMatchObject({ agents: COUNT, missed: 0, foreigners: 0, learned: 0, drifted: 0 });
    expect(first.calls).toEqual({ [WORKFORCE]: 4, [AVAILABILITY]: 0, [LIST]: 101 });
    const second = await nightly(bench);
    // Pages 102 to 150, and page 1, by which every reconciliation begins.
    expect(second.calls).toEqual({ [WORKFORCE]: 4, [AVAILABILITY]: 0, [LIST]: 50 });
    expect((await nightly(bench)).calls[LIST]).toBe(101);
  });

  it('finds agents that are gone, that are of nobody, and that a person waits for', async () => {
    const { simulator, directory } = bench;
    const foreign = simulator.seedAgent({ emailId: 'somebody@else.example' });
    simulator.seedAgent({ emailId: 'ada@example.com' });
    await directory.createPerson({
      ...(await directory.readPerson('demo', 'p-00000')),
      id: 'ada',
      person: person('ada'),
      state: 'failed',
      agent: { customId: customIdOf('demo', 'ada'), presence: 'none' },
    } as PersonRecord);
    const gone = await directory.readPerson('demo', 'p-00700');
    // The simulator deletes by a call alone.
    const { client } = bench.provisioning;
    bench.clock.advance(HOUR_MS);
    await client.deleteAgent(gone?.agent.agentId ?? '', {
      urgency: 'interactive',
      deadline: bench.clock.now() + HOUR_MS,
    });
    const found = await nightly(bench);
    expect(found).toMatchObject({
      missed: 1,
      missing: ['p-00700'],
      foreigners: 1,
      foreign: [foreign.id],
      adopted: 1,
    });
    expect(found.calls[AVAILABILITY]).toBeLessThanOrEqual(2);
  });

  it('goes on where it stopped among the ids', async () => {
    bench.clock.advance(24 * HOUR_MS);
    const { provisioning, services, clock, simulator } = bench;
    const before = simulator.calls()[WORKFORCE] ?? 0;
    const offsets = new Set<number>();
    for (let begin = true; ; begin = false) {
      const { outcome } = await reconcile(provisioning, services, clock.now() + 4_000, begin);
      if (outcome === 'done') break;
      offsets.add((await readReconciliation(services, 'demo'))?.offset ?? 0);
    }
    expect(offsets.size).toBeGreaterThan(2);
    expect((simulator.calls()[WORKFORCE] ?? 0) - before).toBe(5);
  });
});

describe('where the list for workforce management is not to be had', () => {
  it.each([
    ['the scope lacks', { withoutScopes: ['WFM Integration'] }, ACCOUNT_ID, 1],
    [
      'the scope lacks and is answered 401',
      { withoutScopes: ['WFM Integration'], missingScope: { status: 401 } },
      ACCOUNT_ID,
      1,
    ],
    ['the id of the account is not configured', {}, null, 0],
  ] as const)(
    '%s: all pages of ten are read, and it is not asked for again at once',
    async (_, behaviour, accountId, asked) => {
      const bench = await staffed(1_020, behaviour as BehaviourInput, accountId);
      const first = await nightly(bench);
      expect(first).toMatchObject({ agents: 1_020, missed: 0, foreigners: 0 });
      expect(first.calls).toEqual({ [WORKFORCE]: asked, [AVAILABILITY]: 0, [LIST]: 102 });
      expect((await nightly(bench)).calls).toEqual({ [WORKFORCE]: 0, [AVAILABILITY]: 0, [LIST]: 102 });
    },
  );

  it('because it shows a part of the agents alone: nobody counts as missing', async () => {
    const bench = await staffed(1_020);
    const { transport } = bench.services;
    const cut: typeof transport = async (request) => {
      const response = await transport(request);
      if (!request.url.includes('/analytics/')) return response;
      const half = (JSON.parse(response.body) as unknown[]).filter((_, index) => index % 2 === 0);
      return { ...response, body: JSON.stringify(half) };
    };
    const { openTenant } = await import('../../functions/provision/tenant.ts');
    const services = { ...bench.services, transport: cut };
    const provisioning = openTenant('demo', bench.provisioning.tenant, services);
    const found = await nightly({ ...bench, services, provisioning });
    expect(found).toMatchObject({ agents: 1_020, missed: 0, foreigners: 0 });
    expect(found.calls[LIST]).toBe(103);
  });
});
