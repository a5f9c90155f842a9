import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../../functions/directory/record.ts';
import { find, readWhole } from '../../../functions/provision/agent/find.ts';
import { findAnywhere } from '../../../functions/provision/agent/find-unkeyed.ts';
import { writeKeyPass } from '../../../functions/provision/agent/holders.ts';
import { lookFirst } from '../../../functions/provision/agent/look-first.ts';
import { failed } from '../../../functions/provision/agent/ports.ts';
import { rememberAgent } from '../../../functions/provision/agent-index.ts';
import { START } from '../../local/simulator-bench.ts';
import { person } from '../bench.ts';
import { beginAttempt, loseLease, recordOf, store, unkeyed, withAgent } from './attempt.ts';

const BY_KEY = 'GET /agents/customId/{customId}';
const BY_ID = 'GET /agents/{agentId}';
const LIST = 'GET /organizations/{orgId}/agents';
const KEY = recordOf('ada').agent.customId;
const DELETED = 'a-00000000-0000-5000-8000-000000000000';
const UNKNOWN = { attempts: { count: 1, unknown: true } };

async function finding(record: PersonRecord, isKeyed = true) {
  const begun = await beginAttempt(record, isKeyed ? {} : { tenant: unkeyed() });
  const { bench, ports, terms, holding } = begun;
  const { simulator, provisioning, directory } = bench;
  return {
    ...begun,
    /** An agent of SmartAssist with ada's key, or as it is said. */
    made: (changes: object = { customId: KEY }) =>
      simulator.seedAgent({ emailId: 'a@example.com', ...changes }),
    /** Another person who has an agent. */
    held: (agentId: string) => store(bench, withAgent('eve', { agentId, account: provisioning.account })),
    /** As a reconciliation leaves it that saw these agents and knows whose each is. */
    seen: async (...agents: readonly { readonly id: string; readonly emailId: string }[]) => {
      await writeKeyPass(directory, 'demo', { account: provisioning.account, isDone: true });
      for (const { id, emailId: email } of agents) {
        await rememberAgent(directory, 'demo', { agentId: id, census: 'now', email }, START);
      }
    },
    find: () => find(ports, holding.record, terms),
    anywhere: (emailId?: string) => findAnywhere(ports, holding.record, emailId, terms),
    stored: () => bench.read(holding.record),
    fails: (on: typeof BY_ID | typeof BY_KEY | typeof LIST, status = 500) =>
      simulator.setBehaviour({ faults: [{ on, kind: 'status', status, times: 1 }] }),
    calls: (on: typeof BY_ID | typeof BY_KEY | typeof LIST) => simulator.calls()[on] ?? 0,
  };
}

describe('an agent whose id is known', () => {
  it('is read by it, and known as the person’s before anything is done to it', async () => {
    const { find: found, made, holding, stored, calls } = await finding(withAgent('ada'));
    const { id } = made();
    holding.record = { ...holding.record, agent: { ...holding.record.agent, agentId: id } };
    expect(await found()).toEqual({ agent: expect.objectContaining({ id }) });
    expect((await stored()).agent.agentId).toBe(id);
    expect(calls(BY_KEY)).toBe(0);
  });

  it('and is gone, is looked for by our key: it may have been made anew', async () => {
    const { find: found, made, stored } = await finding(withAgent('ada', { agentId: DELETED }));
    const { id } = made();
    expect(await found()).toMatchObject({ agent: { id }, isPartial: true });
    expect((await stored()).agent.agentId).toBe(id);
  });

  it('and is another person’s, is not read', async () => {
    const { find: found, held, made, calls, holding } = await finding(withAgent('ada'));
    const { id } = made({ customId: 'key-of-eve' });
    await held(id);
    holding.record = { ...holding.record, agent: { ...holding.record.agent, agentId: id } };
    expect(await found()).toEqual({ agent: undefined });
    expect(calls(BY_ID)).toBe(0);
  });

  it.each([true, false])(
    'can not be read now: whether a change is out there stays as it was, %j',
    async (unknown) => {
      const attempts = { count: 1, unknown };
      const {
        find: found,
        fails,
        made,
      } = await finding(withAgent('ada', { agentId: DELETED }, { attempts }));
      made();
      fails(BY_ID);
      expect(await found()).toMatchObject({ result: { kind: 'postponed', unknown } });
    },
  );

  it('is not read under a lease that is lost', async () => {
    const ada = await finding(withAgent('ada', { agentId: DELETED }));
    await loseLease(ada.bench, ada.holding.record);
    expect(await ada.find()).toMatchObject({ result: { kind: 'postponed', code: 'changed', unknown: true } });
    expect(ada.calls(BY_ID)).toBe(0);
  });
});

describe('an agent that is looked for by our key', () => {
  it('is the first one that no other person holds', async () => {
    const { find: found, made, held } = await finding(recordOf('ada'));
    await held(made().id);
    const free = made();
    expect(await found()).toMatchObject({ agent: { id: free.id } });
  });

  it('is none where another person holds all of them', async () => {
    const { find: found, made, held } = await finding(recordOf('ada'));
    await held(made().id);
    expect(await found()).toEqual({ agent: undefined });
  });

  it.each([true, false])(
    'can not be looked up now: whether one is there stays as it was, %j',
    async (unknown) => {
      const { find: found, fails } = await finding(recordOf('ada', { attempts: { count: 1, unknown } }));
      fails(BY_KEY);
      expect(await found()).toMatchObject({ result: { kind: 'postponed', unknown } });
    },
  );

  it('is left where another function has the lease by now', async () => {
    const { find: found, made, bench, holding } = await finding(recordOf('ada'));
    made();
    await loseLease(bench, holding.record);
    expect(await found()).toMatchObject({ result: { kind: 'postponed', code: 'changed', unknown: true } });
  });

  it('is read once more where a whole record is needed', async () => {
    const { made, ports, terms, calls } = await finding(recordOf('ada'));
    const { id, emailId } = made();
    const agent = { id, emailId };
    expect(await readWhole(ports, { agent, isPartial: true }, terms)).toMatchObject({
      outcome: 'ok',
      value: { id },
    });
    expect(calls(BY_ID)).toBe(1);
    expect(await readWhole(ports, { agent }, terms)).toEqual({ outcome: 'ok', value: agent });
    expect(calls(BY_ID)).toBe(1);
  });
});

describe('where agents carry our key', () => {
  it('an agent that has none is not looked for by its address', async () => {
    const { anywhere, made, calls } = await finding(recordOf('ada', UNKNOWN));
    made({ emailId: 'ada@example.com', customId: 'customer-1' });
    expect(await anywhere('ada@example.com')).toEqual({ agent: undefined });
    expect(calls(LIST)).toBe(0);
  });
});

describe('where agents don’t carry our key, an agent that may be there', () => {
  const sent = (emailId?: string, changes: Partial<PersonRecord> = {}) =>
    recordOf('ada', {
      ...UNKNOWN,
      agent: {
        customId: KEY,
        presence: 'none',
        ...(emailId === undefined ? {} : { emailId }),
        isKeyed: false,
      },
      ...changes,
    });

  it.each([true, false])(
    'is found by its id where that is known, an unknown outcome or none: %j',
    async (unknown) => {
      const ada = withAgent('ada', { isKeyed: false }, { attempts: { count: 1, unknown } });
      const { anywhere, made, holding, calls } = await finding(ada, false);
      const { id } = made();
      holding.record = { ...holding.record, agent: { ...holding.record.agent, agentId: id } };
      expect(await anywhere()).toMatchObject({ agent: { id } });
      expect(calls(LIST)).toBe(0);
    },
  );

  it('is found by our key where it was made with one before', async () => {
    const { anywhere, made, calls } = await finding(sent('ada@example.com'), false);
    const { id } = made({ emailId: 'ada@example.com', customId: KEY });
    expect(await anywhere()).toMatchObject({ agent: { id } });
    expect(calls(LIST)).toBe(0);
  });

  it('was deleted where its id is known and not there any more', async () => {
    const { anywhere, made, calls } = await finding(
      withAgent('ada', { agentId: DELETED, isKeyed: false }),
      false,
    );
    made({ emailId: 'ada@example.com' });
    expect(await anywhere('ada@example.com')).toEqual({ agent: undefined });
    expect(calls(LIST)).toBe(0);
  });

  it('may have been made anew where its id is not there any more and an outcome was never learned', async () => {
    const ada = withAgent('ada', { agentId: DELETED, isKeyed: false }, UNKNOWN);
    const { anywhere, made } = await finding(ada, false);
    const { id } = made({ emailId: 'ada@example.com' });
    expect(await anywhere('ada@example.com')).toMatchObject({ agent: { id } });
  });

  it('can not be said to be none while it can not be looked up', async () => {
    const { anywhere, fails, calls } = await finding(sent('ada@example.com'), false);
    fails(BY_KEY);
    expect(await anywhere()).toMatchObject({ result: { unknown: true } });
    expect(calls(LIST)).toBe(0);
  });

  it('is found by the address that was sent, and by no other', async () => {
    const { anywhere, made } = await finding(sent('former@example.com'), false);
    made({ emailId: 'ada@example.com', customId: '' });
    const { id } = made({ emailId: 'Former@Example.com', customId: '' });
    expect(await anywhere('ada@example.com')).toMatchObject({ agent: { id } });
  });

  it.each([
    ['that the plan has', 'planned@example.com'],
    ['that the mapping gives', 'ada@example.com'],
    ['that is another one of the person', 'ada.home@example.net'],
    ['that is the user name', 'ada.login@example.com'],
  ])('is found, where nothing was kept of what was sent, by the address %s', async (_, emailId) => {
    const of = person('ada', { userName: 'ada.login@example.com' });
    const emails = [
      ...(of.emails ?? []),
      { value: 'ada.home@example.net', type: 'home' },
      'text',
      { value: 7 },
    ] as never;
    const { anywhere, made } = await finding(sent(undefined, { person: { ...of, emails } }), false);
    made({ emailId: 'eve@example.com', customId: '' });
    const { id } = made({ emailId, customId: '' });
    expect(await anywhere('planned@example.com')).toMatchObject({ agent: { id } });
  });

  it('is not looked for by a user name that is no address', async () => {
    const { anywhere, made } = await finding(
      sent(undefined, { person: person('ada', { userName: 'E1001' }) }),
      false,
    );
    made({ emailId: 'E1001', customId: '' });
    expect(await anywhere('')).toEqual({ agent: undefined });
  });

  it('is not one without an address', async () => {
    const { anywhere, made } = await finding(sent(), false);
    made({ emailId: '', customId: '' });
    expect(await anywhere('')).toEqual({ agent: undefined });
    expect(await anywhere()).toEqual({ agent: undefined });
  });

  it('is found though the person has no list of addresses', async () => {
    const { anywhere, made } = await finding(
      sent(undefined, { person: { userName: 'ada@example.com' } }),
      false,
    );
    const { id } = made({ emailId: 'ada@example.com', customId: '' });
    expect(await anywhere()).toMatchObject({ agent: { id } });
  });

  it('is none where the address that was noted is that of another person’s agent', async () => {
    const { anywhere, made, bench, calls, ports } = await finding(sent('eve@example.com'), false);
    await ports.search.keep({ back: 2, end: 3 });
    await store(bench, withAgent('eve', { isKeyed: false }));
    made({ emailId: 'eve@example.com', customId: '' });
    expect(await anywhere()).toEqual({ agent: undefined });
    expect(calls(LIST)).toBe(0);
    expect(await ports.search.progress()).toBeUndefined();
  });

  it('is the one that the last reconciliation saw, at one call, and the search is over', async () => {
    const { anywhere, made, seen, calls, ports } = await finding(sent('ada@example.com'), false);
    const agent = made({ emailId: 'ada@example.com', customId: '' });
    await seen(agent);
    await ports.search.keep({ back: 2, end: 3 });
    expect(await anywhere()).toMatchObject({ agent: { id: agent.id } });
    expect(calls(LIST)).toBe(0);
    expect(calls(BY_ID)).toBe(1);
    expect(await ports.search.progress()).toBeUndefined();
  });

  it('is not said to be none while the one that the last reconciliation saw can not be read', async () => {
    const { anywhere, made, seen, fails, calls } = await finding(sent('ada@example.com'), false);
    await seen(made({ emailId: 'ada@example.com', customId: '' }));
    fails(BY_ID);
    expect(await anywhere()).toMatchObject({ result: { kind: 'postponed' } });
    expect(calls(LIST)).toBe(0);
  });

  it('is looked for in the list where the one that the reconciliation saw has another address by now', async () => {
    const { anywhere, made, seen, bench } = await finding(sent('ada@example.com'), false);
    const former = made({ emailId: 'ada@example.com', customId: '' });
    await seen(former);
    bench.simulator.editAgent(former.id, { emailId: 'moved@example.com' });
    const { id } = made({ emailId: 'ada@example.com', customId: '' });
    expect(await anywhere()).toMatchObject({ agent: { id } });
  });

  it.each([
    [undefined, 1],
    [{ back: 1, end: 1 }, 0],
  ] as const)('is looked up by the key once, when its search begins: %j', async (progress, calls) => {
    const ada = await finding(sent('ada@example.com'), false);
    const { id } = ada.made({ emailId: 'ada@example.com', customId: '' });
    if (progress !== undefined) await ada.ports.search.keep(progress);
    expect(await ada.anywhere()).toMatchObject({ agent: { id } });
    expect(ada.calls(BY_KEY)).toBe(calls);
  });

  it('is read by its id although a search was under way when that was learned', async () => {
    const ada = withAgent('ada', { agentId: DELETED, isKeyed: false }, UNKNOWN);
    const { anywhere, ports, calls } = await finding(ada, false);
    await ports.search.keep({ back: 1, end: 1 });
    await anywhere();
    expect(calls(BY_ID)).toBe(1);
  });
});

describe('a person for whom nothing is done', () => {
  it('has the agent that an earlier call made, or none, once that is known', async () => {
    const { ports, holding, terms, made } = await finding(recordOf('ada', UNKNOWN));
    const look = () => lookFirst(ports, holding.record, { kind: 'kept' }, terms);
    expect(await look()).toEqual({ kind: 'kept', found: 'none' });
    made({ emailId: 'ada@example.com', customId: KEY });
    expect(await look()).toEqual({ kind: 'kept', found: { emailId: 'ada@example.com' } });
  });

  it('is looked at again where that can not be found out now', async () => {
    const { ports, holding, terms, fails } = await finding(recordOf('ada', UNKNOWN));
    fails(BY_KEY);
    expect(await lookFirst(ports, holding.record, { kind: 'kept' }, terms)).toMatchObject({
      kind: 'postponed',
      unknown: true,
    });
  });
});

describe('a call without success', () => {
  it.each([true, false])(
    'is a refusal in SmartAssist’s words, or put off; a change may be out there: %j',
    (unknown) => {
      expect(failed({ outcome: 'refused', status: 400, message: 'no' }, unknown)).toEqual({
        kind: 'refused',
        status: 400,
        message: 'no',
        unknown,
      });
      for (const outcome of ['throttled', 'no-slot'] as const) {
        expect(failed({ outcome, waitMs: 4_000 }, unknown)).toEqual({
          kind: 'no-slot',
          waitMs: 4_000,
          unknown,
        });
      }
      for (const outcome of ['unreachable', 'unknown', 'unauthorized'] as const) {
        const message = expect.stringContaining('cut off');
        expect(failed({ outcome, message: 'cut off' }, unknown)).toEqual({
          kind: 'postponed',
          code: outcome,
          message,
          unknown,
        });
      }
    },
  );
});
