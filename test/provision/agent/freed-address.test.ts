import { describe, expect, it } from 'vitest';
import type { Directory } from '../../../functions/directory/directory.ts';
import type { AgentState, PersonRecord } from '../../../functions/directory/record.ts';
import {
  isRefusedForAddress,
  tryOnceFree,
  tryRefusedAgain,
} from '../../../functions/provision/agent/freed-address.ts';
import { START } from '../../local/simulator-bench.ts';
import { provisionBench } from '../bench.ts';
import { mail, named, recordOf, store, withAgent } from './attempt.ts';

const AT = new Date(START).toISOString();

const refused = (id: string, code: string, name = 'ada') =>
  recordOf(id, {
    person: named(id, name),
    state: 'failed',
    attempts: { count: 1, unknown: false, lastError: { code, message: 'no', at: AT } },
  });

const UNKNOWN = { attempts: { count: 1, unknown: true } };
const ADA = withAgent('ada');
const EVE = refused('eve', 'uniqueness');

/** What becomes of others when ada's agent was one thing and is another. */
async function freed(before: PersonRecord, agent: AgentState, others: readonly PersonRecord[]) {
  const { provisioning, services, directory } = provisionBench();
  const after = { ...before, agent, attempts: { count: 0, unknown: false } };
  for (const each of [after, ...others]) await store({ directory }, each);
  const isSomebodyDue = await tryRefusedAgain(provisioning, services, before, after);
  const records = await Promise.all(others.map(({ id }) => directory.readPerson('demo', id)));
  return { isSomebodyDue, states: records.map((record) => record?.state) };
}

const { emailId: _, agentId: _id, account: _account, ...rest } = ADA.agent;
const GONE: AgentState = { ...rest, presence: 'none' };

describe('who was refused for an address', () => {
  it.each<[string, PersonRecord, AgentState]>([
    ['is gone', ADA, GONE],
    ['has another one', ADA, { ...ADA.agent, emailId: mail('countess') }],
    [
      'may have been made, and was not',
      recordOf('ada', { ...UNKNOWN, agent: { ...GONE, emailId: mail('ada') } }),
      GONE,
    ],
  ])('is due once the agent with it %s', async (_, before, agent) => {
    expect(await freed(before, agent, [EVE, refused('kim', 'uniqueness')])).toEqual({
      isSomebodyDue: true,
      states: ['due', 'due'],
    });
  });

  it.each<[string, PersonRecord, AgentState]>([
    ['is out of service', ADA, { ...ADA.agent, presence: 'suspended' }],
    ['has it in another spelling', ADA, { ...ADA.agent, emailId: 'Ada@Example.com' }],
    ['was to be made, and was refused', recordOf('ada', { agent: { ...GONE, emailId: mail('ada') } }), GONE],
    ['has one that is not known', withAgent('ada', { emailId: undefined as never }), GONE],
  ])('stays so where the agent with it %s', async (_, before, agent) => {
    expect(await freed(before, agent, [EVE])).toEqual({ isSomebodyDue: false, states: ['failed'] });
  });

  it('stays so while another person is about to get it', async () => {
    const kim = withAgent('kim', {}, { state: 'due', dueAt: AT, person: named('kim', 'ada') });
    expect(await freed(ADA, GONE, [EVE, kim])).toEqual({ isSomebodyDue: false, states: ['failed', 'due'] });
  });

  it.each<[string, Partial<PersonRecord>]>([
    ['was deleted', { deletedAt: AT }],
    ['left', { person: { ...named('kim', 'ada'), active: false } }],
  ])('is due although one who %s was to have it, and is yet to be done with', async (_, changes) => {
    const kim = withAgent('kim', {}, { state: 'due', dueAt: AT, person: named('kim', 'ada'), ...changes });
    expect((await freed(ADA, GONE, [EVE, kim])).states).toEqual(['due', 'due']);
  });

  it('is due, and nobody who failed for another reason, or for another address', async () => {
    const others = [EVE, refused('kim', 'invalid'), refused('zoe', 'uniqueness', 'zoe')];
    expect(await freed(ADA, GONE, others)).toEqual({
      isSomebodyDue: true,
      states: ['due', 'failed', 'failed'],
    });
  });
});

describe('a person whose address becomes free between the look at it and the refusal', () => {
  /** Drains eve, for whose address something is done when it was found to be taken, and the refusal is not stored yet. */
  async function whenRefused(work: (directory: Directory) => Promise<unknown>) {
    let isDone = false;
    const bench = provisionBench({
      directory: (given) => ({
        ...given,
        async updatePerson(before, after) {
          if (isRefusedForAddress(after) && !isDone) {
            isDone = true;
            await work(given);
          }
          return given.updatePerson(before, after);
        },
      }),
    });
    const address = { person: named('eve', 'ada') };
    await store(bench, withAgent('ada'));
    await store(bench, recordOf('eve', address));
    await bench.drained();
    return { isDone, eve: await bench.directory.readPerson('demo', 'eve') };
  }

  it('has an agent all the same', async () => {
    const { isDone, eve } = await whenRefused(async (directory) => {
      const ada = await directory.readPerson('demo', 'ada');
      if (ada === undefined) throw new Error('ada is gone');
      await directory.updatePerson(ada, { ...ada, version: ada.version + 1, agent: GONE, state: 'waiting' });
    });
    expect({ isDone, state: eve?.state, presence: eve?.agent.presence }).toEqual({
      isDone: true,
      state: 'provisioned',
      presence: 'active',
    });
  });

  it('stays refused where it is taken still', async () => {
    const { isDone, eve } = await whenRefused(async () => undefined);
    expect({ isDone, state: eve?.state }).toEqual({ isDone: true, state: 'failed' });
  });

  it.each<[string, PersonRecord, readonly PersonRecord[], string | undefined]>([
    ['is due where nobody has it', EVE, [], 'due'],
    ['is not where another one has it', EVE, [ADA], undefined],
    ['is not who failed for another reason', refused('eve', 'invalid'), [], undefined],
  ])('%s', async (_, eve, others, state) => {
    const bench = provisionBench();
    for (const each of [eve, ...others]) await store(bench, each);
    const again = await tryOnceFree(bench.provisioning, bench.services, eve, mail('ada'));
    expect(again?.state).toBe(state);
    expect((await bench.read(eve)).state).toBe(state ?? 'failed');
  });

  it('is left as another writer has it', async () => {
    const bench = provisionBench();
    await store(bench, { ...EVE, version: EVE.version + 1, state: 'waiting' });
    expect(await tryOnceFree(bench.provisioning, bench.services, EVE, mail('ada'))).toBeUndefined();
    expect((await bench.read(EVE)).state).toBe('waiting');
  });

  it('is stored, and not refused, where the caller waits', async () => {
    let [isHeld, isFreed] = [false, false];
    const bench = provisionBench({
      directory: (given) => ({
        ...given,
        async createPerson(record) {
          const written = await given.createPerson(record);
          // After the look that an arrival begins with, and before that of the attempt.
          if (!isHeld) {
            isHeld = true;
            await given.createPerson(ADA);
          }
          return written;
        },
        async updatePerson(before, after) {
          if (isRefusedForAddress(after) && !isFreed) {
            isFreed = true;
            await given.updatePerson(ADA, {
              ...ADA,
              version: ADA.version + 1,
              agent: GONE,
              state: 'waiting',
            });
          }
          return given.updatePerson(before, after);
        },
      }),
    });
    const record = await bench.stored(named('eve', 'ada'));
    expect({ isHeld, isFreed, state: record.state }).toEqual({ isHeld: true, isFreed: true, state: 'due' });
    expect(bench.numbers.of('Failed')).toEqual({});
    await bench.settled();
    expect((await bench.read(record)).state).toBe('provisioned');
  });
});
