import { describe, expect, it } from 'vitest';
import type { Directory } from '../../functions/directory/directory.ts';
import { type PersonRecord, PRIORITY } from '../../functions/directory/record.ts';
import { attempt } from '../../functions/provision/attempt.ts';
import { AGENT_CHANGES } from '../../functions/provision/history.ts';
import { due, leased } from '../../functions/provision/lifecycle.ts';
import type { Plan } from '../../functions/provision/plan.ts';
import type { Services } from '../../functions/provision/services.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import type { CallTerms, SmartAssistClient } from '../../functions/smartassist/client.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { SecretError } from '../../functions/tenant/secrets/secret-error.ts';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import { type ProvisionBench, person, provisionBench } from './bench.ts';

const CREATE = 'POST /agents';
const later = { inline: undefined } as never;
type UpdatePerson = Directory['updatePerson'];

/** A person who is stored and leased, for one attempt. */
async function leasedOn(bench: ProvisionBench): Promise<PersonRecord> {
  const stored = await bench.stored(person('ada'), later);
  const record = leased(stored, 'us', bench.clock.now() + 60_000);
  expect((await bench.directory.updatePerson(stored, record)).ok).toBe(true);
  return record;
}

const termsOf = ({ clock }: ProvisionBench) =>
  ({ urgency: 'interactive', deadline: clock.now() + 8_000 }) as const;

/** One attempt at a person, with the directory's last write in the hands of a test. */
async function attempted(
  options: {
    readonly behaviour?: BehaviourInput;
    readonly plan?: Plan;
    readonly tenant?: Partial<TenantConfiguration>;
    readonly services?: Partial<Services>;
    /** In the place of the write of what came of the attempt. */
    readonly writes?: (bench: ProvisionBench, write: UpdatePerson) => UpdatePerson;
  } = {},
) {
  const { behaviour, tenant, writes } = options;
  const bench = provisionBench({ ...(behaviour && { behaviour }), ...(tenant && { tenant }) });
  const record = await leasedOn(bench);
  const { directory } = bench;
  const write = writes?.(bench, directory.updatePerson);
  const updatePerson: UpdatePerson = (before, after) =>
    write !== undefined && after.lease === undefined
      ? write(before, after)
      : directory.updatePerson(before, after);
  const services = { ...bench.services, directory: { ...directory, updatePerson }, ...options.services };
  const provisioning = openTenant('demo', bench.provisioning.tenant, services);
  const terms = termsOf(bench);
  const plan = options.plan ?? (await provisioning.planner.plan(record, terms));
  const run = () => attempt(provisioning, services, record, plan, terms);
  return { bench, record, run, provisioning };
}

const historyIn = async ({ directory }: ProvisionBench, of: string) =>
  (await directory.listHistory('demo', of, { limit: 10 })).entries;

describe('an attempt', () => {
  it('leaves the agent made, its outcome stored, and an entry in the history and in the audit', async () => {
    const { bench, record, run } = await attempted();
    const { result, record: after } = await run();
    expect(result).toMatchObject({ kind: 'applied', did: 'created' });
    expect(await bench.read(record)).toEqual(after);
    expect(after).toMatchObject({ state: 'provisioned' });
    expect(await historyIn(bench, record.id)).toMatchObject([{ what: 'created', calls: [CREATE] }]);
    expect(await historyIn(bench, AGENT_CHANGES)).toMatchObject([{ what: 'created', person: record.id }]);
  });

  it('leaves nothing in the audit where no agent was changed, and nothing at all where no call was free', async () => {
    const failing = await attempted({ behaviour: { faults: [{ on: CREATE, kind: 'status', status: 400 }] } });
    await failing.run();
    expect(await historyIn(failing.bench, failing.record.id)).toMatchObject([
      { what: 'refused', status: 400 },
    ]);
    expect(await historyIn(failing.bench, AGENT_CHANGES)).toEqual([]);
    const busy = await attempted({
      plan: { kind: 'unavailable', failure: { outcome: 'no-slot', waitMs: 5 } },
    });
    await busy.run();
    expect(await historyIn(busy.bench, busy.record.id)).toEqual([]);
  });

  it.each<[string, Plan, object]>([
    [
      'SmartAssist throttles',
      { kind: 'unavailable', failure: { outcome: 'throttled', waitMs: 4_000 } },
      { kind: 'no-slot', waitMs: 4_000, unknown: false },
    ],
    [
      'no call is free',
      { kind: 'unavailable', failure: { outcome: 'no-slot', waitMs: 500 } },
      { kind: 'no-slot', waitMs: 500, unknown: false },
    ],
    [
      'SmartAssist could not be reached',
      { kind: 'unavailable', failure: { outcome: 'unreachable', message: 'no route' } },
      {
        kind: 'postponed',
        code: 'unreachable',
        message: expect.stringContaining('no route'),
        unknown: false,
      },
    ],
    [
      'there are no credentials',
      { kind: 'unavailable', failure: new SecretError('secret-missing', 'the secret x is not there') },
      {
        kind: 'postponed',
        code: 'secret-missing',
        message: 'the credentials for SmartAssist are not usable',
        unknown: false,
      },
    ],
  ])('without names comes to another try: %s', async (_, plan, result) => {
    const { bench, run } = await attempted({ plan });
    expect(await run()).toMatchObject({ result, record: { state: 'due' } });
    expect(bench.agentCalls()).toEqual({});
  });

  it('whose credentials go away midway is another try, and the operator is told why', async () => {
    const failure = new SecretError('secret-denied', 'the secret x may not be read');
    const secrets = { get: () => Promise.reject(failure), refresh: () => Promise.reject(failure) };
    const known = provisionBench();
    const plan = await known.provisioning.planner.plan(await leasedOn(known), termsOf(known));
    const { bench, run } = await attempted({ plan, services: { secrets } });
    expect(await run()).toMatchObject({
      result: { kind: 'postponed', code: 'secret-denied' },
      record: { state: 'due' },
    });
    expect(bench.logged.join('\n')).toContain('the secret x may not be read');
  });

  it('sends nothing that would outlive its lease', async () => {
    const bench = provisionBench();
    const record = await leasedOn(bench);
    const { provisioning, services, clock } = bench;
    const plan = await provisioning.planner.plan(record, termsOf(bench));
    const short = { ...record, lease: { holder: 'us', until: clock.now() + 1_100 } };
    expect((await attempt(provisioning, services, short, plan, termsOf(bench))).result).toMatchObject({
      kind: 'postponed',
      code: 'unreachable',
    });
    expect(bench.agentCalls()).toEqual({});
  });

  it('sends no create once another function has the lease, and does not know what that one does', async () => {
    const { bench, record, run } = await attempted();
    await bench.directory.updatePerson(record, leased(record, 'another', bench.clock.now() + 60_000));
    expect((await run()).result).toMatchObject({ kind: 'postponed', code: 'changed', unknown: true });
    expect(bench.agentCalls()).toEqual({});
    expect(await bench.read(record)).toMatchObject({
      lease: { holder: 'another' },
      attempts: { unknown: true },
    });
  });

  it('goes on as something begun once a call was sent, and says each call to its caller', async () => {
    const bench = provisionBench();
    const joined = await bench.stored(person('ada'));
    const renamed = person('ada', { name: { givenName: 'Augusta', familyName: 'King' } });
    const before = await bench.stored(renamed, { before: joined, inline: undefined } as never);
    const record = leased(before, 'us', bench.clock.now() + 60_000);
    await bench.directory.updatePerson(before, record);
    const urgencies: string[] = [];
    const { provisioning, services } = bench;
    const { findByCustomId, getAgent, updateAgent } = provisioning.client;
    const heard = (terms: CallTerms) => {
      urgencies.push(terms.urgency);
      return terms;
    };
    const client: SmartAssistClient = {
      ...provisioning.client,
      findByCustomId: (customId, of) => findByCustomId(customId, heard(of)),
      getAgent: (id, of) => getAgent(id, heard(of)),
      updateAgent: (id, body, of) => updateAgent(id, body, heard(of)),
    };
    const calls: string[] = [];
    const terms = {
      ...termsOf(bench),
      onCall: (call: string) => void calls.push(call),
    } as const;
    const plan = await provisioning.planner.plan(record, termsOf(bench));
    await attempt({ ...provisioning, client }, services, record, plan, terms);
    expect(urgencies).toEqual(['interactive', 'begun', 'begun']);
    expect(calls).toHaveLength(3);
  });

  it('that takes an agent out of service rings for those who wait for a seat, and no other one does', async () => {
    const leaving = async (seats: number | undefined, changes: object) => {
      const bench = provisionBench({ tenant: { seats } });
      const before = await bench.stored(person('ada'));
      await bench.stored(person('ada', changes), { before });
      return bench.rung;
    };
    expect(await leaving(3, { active: false })).toEqual(['demo']);
    expect(await leaving(undefined, { active: false })).toEqual([]);
    expect(await leaving(3, { name: { givenName: 'Augusta', familyName: 'King' } })).toEqual([]);
  });

  it('says of a joiner alone how long the agent was waited for', async () => {
    const waited = async (priority: 0 | 1) => {
      const bench = provisionBench();
      await bench.stored(person('ada'), { inline: undefined, priority } as never);
      bench.clock.advance(90_000);
      await bench.settled();
      return bench.numbers.of('JoinTime');
    };
    expect((await waited(PRIORITY.interactive))['']).toBeGreaterThanOrEqual(90);
    expect((await waited(PRIORITY.interactive))['']).toBeLessThan(100);
    expect(await waited(PRIORITY.backfill)).toEqual({});
  });
});

describe('what came of an attempt', () => {
  it('is written beside a change that was made meanwhile, which makes the person due', async () => {
    const title = 'Dr';
    const { bench, record, run } = await attempted({
      writes:
        ({ directory, clock }, write) =>
        async (before, after) => {
          const current = await directory.readPerson('demo', before.id);
          if (current?.lease !== undefined && current.person.title === undefined) {
            const changed = due({ ...current, person: { ...current.person, title } }, clock.now());
            await directory.updatePerson(current, changed);
          }
          return write(before, after);
        },
    });
    const { record: after } = await run();
    expect(after).toMatchObject({ state: 'due', person: { title }, agent: { presence: 'active' } });
    expect(after).not.toHaveProperty('lease');
    expect(await bench.read(record)).toEqual(after);
  });

  it('is nothing for a person who was erased meanwhile', async () => {
    const { bench, record, run } = await attempted({
      writes:
        ({ directory }, write) =>
        async (before, after) => {
          await directory.erasePerson(before);
          return write(before, after);
        },
    });
    expect((await run()).record).toMatchObject({ state: 'provisioned' });
    expect(await bench.directory.readPerson('demo', record.id)).toBeUndefined();
  });

  it('is written once, where the answer to the first write was lost', async () => {
    let writes = 0;
    const { bench, record, run } = await attempted({
      writes: (_, write) => async (before, after) => {
        writes += 1;
        await write(before, after);
        return write(before, after);
      },
    });
    expect((await run()).record).toMatchObject({ state: 'provisioned' });
    expect(await bench.read(record)).toMatchObject({ state: 'provisioned', version: record.version + 2 });
    expect(writes).toBe(1);
  });

  it('is without an id that is the agent of another person by then', async () => {
    let isHeld = true;
    const { run } = await attempted({
      behaviour: { returnsAgentId: true },
      writes: (_, write) => async (before, after) => {
        if (!isHeld) return write(before, after);
        isHeld = false;
        return { ok: false, reason: 'held', holder: { tenant: 'demo', id: 'bob' } };
      },
    });
    const { record } = await run();
    expect(record).toMatchObject({ state: 'provisioned', agent: { presence: 'active' } });
    for (const unknown of ['agentId', 'account']) expect(record.agent).not.toHaveProperty(unknown);
  });

  it('is given up where the directory can not be right, or another writer always comes first', async () => {
    const conflict = await attempted({
      writes: () => async () => ({ ok: false, reason: 'conflict', id: 'bob' }) as never,
    });
    await expect(conflict.run()).rejects.toThrow('a userName was taken');
    const contended = await attempted({
      writes:
        ({ directory }, write) =>
        async (before, after) => {
          const current = await directory.readPerson('demo', before.id);
          if (current !== undefined)
            await directory.updatePerson(current, { ...current, version: current.version + 1 });
          return write(before, after);
        },
    });
    await expect(contended.run()).rejects.toThrow('changes all the time');
  });
});
