import { describe, expect, it } from 'vitest';
import { MAX_RACES } from '../../../functions/directory/errors.ts';
import type { PersonRecord } from '../../../functions/directory/record.ts';
import {
  beforeAttempt,
  beforeDrained,
  keepAddress,
} from '../../../functions/provision/agent/sent-address.ts';
import type { Plan } from '../../../functions/provision/plan.ts';
import { START } from '../../local/simulator-bench.ts';
import { type ProvisionBench, person, provisionBench } from '../bench.ts';
import { loseLease, recordOf, store, unkeyed, withAgent } from './attempt.ts';

const ADA = 'ada@example.com';
const LEASE = { holder: 'this function', until: START + 60_000 };
const NOTHING: Plan = { kind: 'nothing' };

async function planOf({ provisioning, clock }: ProvisionBench, record: PersonRecord): Promise<Plan> {
  const plan = await provisioning.planner.plan(record, {
    urgency: 'interactive',
    deadline: clock.now() + 60_000,
  });
  expect(plan.kind).toBe('agent');
  return plan;
}

describe('the record under its lease', () => {
  it('has the address that a create is about to be sent with, and whether with our key', async () => {
    const bench = provisionBench();
    const plan = await planOf(bench, recordOf('ada'));
    const before = beforeAttempt(bench.provisioning, recordOf('ada'), plan);
    expect(before.agent).toMatchObject({ emailId: ADA, presence: 'none' });
    expect(before.agent).not.toHaveProperty('isKeyed');
    const without = bench.reconfigure(unkeyed());
    expect(beforeAttempt(without, recordOf('ada'), plan).agent).toMatchObject({
      emailId: ADA,
      isKeyed: false,
    });
  });

  it.each<[string, PersonRecord]>([
    ['an agent is there', withAgent('ada', { emailId: 'former@example.com' })],
    ['one may have been made', recordOf('ada', { attempts: { count: 1, unknown: true } })],
    ['an attempt died midway', recordOf('ada', { lease: LEASE })],
  ])('keeps what is known of an earlier agent where %s', async (_, record) => {
    const bench = provisionBench();
    const plan = await planOf(bench, recordOf('ada'));
    expect(beforeAttempt(bench.provisioning, record, plan)).toBe(record);
    expect(await beforeDrained(bench.provisioning, bench.services, record, plan)).toBe(record);
  });

  it('has no address where none is to be sent', async () => {
    const { provisioning, services } = provisionBench();
    const record = recordOf('ada');
    expect(beforeAttempt(provisioning, record, NOTHING)).toBe(record);
    expect(await beforeDrained(provisioning, services, record, NOTHING)).toBe(record);
  });

  it('has in the drain no address that another person holds', async () => {
    const bench = provisionBench();
    const { provisioning, services } = bench;
    const ada = await store(bench, recordOf('ada'));
    const plan = await planOf(bench, ada);
    expect((await beforeDrained(provisioning, services, ada, plan)).agent.emailId).toBe(ADA);
    await store(bench, withAgent('eve', { emailId: ADA }));
    expect(await beforeDrained(provisioning, services, ada, plan)).toBe(ada);
  });
});

describe('the address that is about to be sent', () => {
  async function leasedAda(agent: Partial<PersonRecord['agent']> = {}) {
    const bench = provisionBench();
    const record = recordOf('ada', { lease: LEASE });
    const ada = await store(bench, { ...record, agent: { ...record.agent, ...agent } });
    return {
      bench,
      ada,
      keep: (isKeyed = true) => keepAddress(bench, ada, ADA, isKeyed),
      stored: () => bench.read(ada),
      change: async (changes: Partial<PersonRecord>) => {
        const current = await bench.read(ada);
        const after = { ...current, ...changes, version: current.version + 1 };
        expect((await bench.directory.updatePerson(current, after)).ok).toBe(true);
      },
    };
  }

  it.each([true, false])('is written before the call, with our key: %j', async (isKeyed) => {
    const { ada, keep, stored } = await leasedAda();
    const kept = await keep(isKeyed);
    expect(kept).toMatchObject({ raced: false, record: { version: ada.version + 1 } });
    expect(await stored()).toEqual(kept?.record);
    expect((await stored()).agent).toMatchObject({ emailId: ADA, ...(isKeyed ? {} : { isKeyed: false }) });
    expect('isKeyed' in (await stored()).agent).toBe(!isKeyed);
  });

  it.each([
    [{ emailId: ADA }, true],
    [{ emailId: ADA, isKeyed: false }, false],
  ] as const)('costs no write where the record has it already: %j', async (agent, isKeyed) => {
    const { ada, keep, stored } = await leasedAda(agent);
    expect(await keep(isKeyed)).toEqual({ record: ada, raced: false });
    expect((await stored()).version).toBe(ada.version);
  });

  it.each([
    [{ emailId: 'former@example.com' }, true],
    [{ emailId: ADA }, false],
    [{ emailId: ADA, isKeyed: false }, true],
  ] as const)('is written over what was sent before: %j, with our key: %j', async (agent, isKeyed) => {
    const { keep, stored } = await leasedAda(agent);
    await keep(isKeyed);
    expect((await stored()).agent.emailId).toBe(ADA);
    expect((await stored()).agent.isKeyed).toBe(isKeyed ? undefined : false);
  });

  it('is written onto a person who was changed meanwhile, and the caller is told so', async () => {
    const { keep, change, stored } = await leasedAda();
    await change({ person: person('ada', { title: 'Countess' }) });
    expect(await keep()).toMatchObject({ raced: true, record: { person: { title: 'Countess' } } });
    expect(await stored()).toMatchObject({ person: { title: 'Countess' }, agent: { emailId: ADA } });
  });

  it('is not written twice where it is there by now', async () => {
    const { ada, keep, change, stored } = await leasedAda();
    await change({ agent: { ...ada.agent, emailId: ADA } });
    expect(await keep()).toMatchObject({ raced: true });
    expect((await stored()).version).toBe(ada.version + 1);
  });

  it('is not sent by a function that has lost the lease, or whose person was erased', async () => {
    const lost = await leasedAda();
    await loseLease(lost.bench, lost.ada);
    expect(await lost.keep()).toBeUndefined();
    expect((await lost.stored()).agent).not.toHaveProperty('emailId');
    const ended = await leasedAda();
    const { lease: _, ...rest } = ended.ada;
    await ended.bench.directory.updatePerson(ended.ada, { ...rest, version: 2 });
    expect(await ended.keep()).toBeUndefined();
    const erased = await leasedAda();
    await erased.bench.directory.erasePerson(erased.ada);
    expect(await erased.keep()).toBeUndefined();
  });

  it('is written for a record that nobody leases', async () => {
    const bench = provisionBench();
    const ada = await store(bench, recordOf('ada'));
    const changed = { ...ada, version: 2, person: person('ada', { title: 'Countess' }) };
    await bench.directory.updatePerson(ada, changed);
    expect(await keepAddress(bench, ada, ADA, true)).toMatchObject({ raced: true });
  });

  it('is given up where the record changes at each try', async () => {
    const { bench, ada, change } = await leasedAda();
    let tries = 0;
    const directory = {
      ...bench.directory,
      updatePerson: async (...given: Parameters<typeof bench.directory.updatePerson>) => {
        tries += 1;
        await change({});
        return bench.directory.updatePerson(...given);
      },
    };
    await expect(keepAddress({ directory }, ada, ADA, true)).rejects.toThrow();
    expect(tries).toBe(MAX_RACES);
  });
});
