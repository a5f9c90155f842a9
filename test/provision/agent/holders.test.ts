import { describe, expect, it } from 'vitest';
import type { Directory } from '../../../functions/directory/directory.ts';
import { MAX_RACES } from '../../../functions/directory/errors.ts';
import type { PersonRecord } from '../../../functions/directory/record.ts';
import {
  areAllHoldersKnown,
  claimAgent,
  heldMessage,
  readKeyPass,
  recordOfHolder,
  writeKeyPass,
} from '../../../functions/provision/agent/holders.ts';
import { START } from '../../local/simulator-bench.ts';
import { person, provisionBench } from '../bench.ts';
import { loseLease, recordOf, store, withAgent } from './attempt.ts';

const ONE = 'account:one';
const LEASE = { holder: 'this function', until: START + 60_000 };

function opened() {
  const bench = provisionBench();
  const { directory } = bench;
  return {
    bench,
    directory,
    claim: (record: PersonRecord, agentId = 'a-1') => claimAgent(directory, ONE, record, agentId),
    change: async (record: PersonRecord, changes: Partial<PersonRecord>) => {
      const current = await bench.read(record);
      const after = { ...current, ...changes, version: current.version + 1 };
      expect((await directory.updatePerson(current, after)).ok).toBe(true);
      return after;
    },
  };
}

describe('an agent that is taken for a person', () => {
  it('is the person’s from then on, in record and key, and costs no second write', async () => {
    const { bench, directory, claim } = opened();
    const ada = await store(bench, recordOf('ada', { lease: LEASE }));
    const claimed = await claim(ada);
    expect(claimed).toMatchObject({ outcome: 'claimed', raced: false });
    const after = await bench.read(ada);
    expect(after).toMatchObject({ version: 2, agent: { agentId: 'a-1', account: ONE } });
    expect(claimed).toMatchObject({ record: after });
    expect(await directory.agentHolder(ONE, 'a-1')).toEqual({ tenant: 'demo', id: 'ada' });
    expect(await claim(after)).toEqual({ outcome: 'claimed', record: after, raced: false });
    expect((await bench.read(ada)).version).toBe(2);
  });

  it.each([
    { agentId: 'a-0', account: ONE },
    { agentId: 'a-1', account: 'account:former' },
    { agentId: 'a-1' },
  ])('is written over what the record names: %j', async (agent) => {
    const { bench, directory, claim } = opened();
    const ada = await store(bench, withAgent('ada', agent));
    expect(await claim(ada)).toMatchObject({ outcome: 'claimed', raced: false });
    expect((await bench.read(ada)).agent).toMatchObject({ agentId: 'a-1', account: ONE });
    expect(await directory.agentHolder(ONE, 'a-1')).toEqual({ tenant: 'demo', id: 'ada' });
  });

  it('stays another person’s who has it, and is that one’s to be told', async () => {
    const { bench, claim } = opened();
    await store(bench, withAgent('eve', { agentId: 'a-1', account: ONE }));
    const ada = await store(bench, recordOf('ada'));
    expect(await claim(ada)).toEqual({ outcome: 'held', holder: { tenant: 'demo', id: 'eve' } });
    expect(await bench.read(ada)).toEqual(ada);
  });

  it.each(['erased', 'with another agent'])('passes from a holder who is %s by now', async (how) => {
    const { bench, directory, claim } = opened();
    // Version 0.1.0 writes records and knows no keys.
    const holder = await store(bench, withAgent('eve', { agentId: 'a-1', account: ONE }));
    const forgetful = await holding(directory, holder, how === 'erased');
    const ada = await store(bench, recordOf('ada'));
    expect(await claimAgent(forgetful, ONE, ada, 'a-1')).toMatchObject({ outcome: 'claimed', raced: false });
    expect(await directory.agentHolder(ONE, 'a-1')).toEqual({ tenant: 'demo', id: 'ada' });
    expect(await claim(await bench.read(ada))).toMatchObject({ outcome: 'claimed' });
  });

  /** A directory in which a holder's record doesn't name its agent any more, while the key does. */
  async function holding(directory: Directory, { agent, ...rest }: PersonRecord, isErased: boolean) {
    const after = { ...rest, agent: { ...agent, agentId: 'a-9' } };
    return {
      ...directory,
      readPerson: async (tenant: string, id: string) =>
        id !== rest.id ? directory.readPerson(tenant, id) : isErased ? undefined : after,
    };
  }

  it.each([LEASE, undefined])(
    'is taken although the person was changed meanwhile; lease: %j',
    async (lease) => {
      const { bench, claim, change } = opened();
      const ada = await store(bench, recordOf('ada', lease === undefined ? {} : { lease }));
      await change(ada, { person: person('ada', { title: 'Countess' }) });
      expect(await claim(ada)).toMatchObject({ outcome: 'claimed', raced: true });
      expect(await bench.read(ada)).toMatchObject({
        person: { title: 'Countess' },
        agent: { agentId: 'a-1' },
      });
    },
  );

  it('is held by a record that took it meanwhile', async () => {
    const { bench, claim, change } = opened();
    const ada = await store(bench, recordOf('ada', { lease: LEASE }));
    const after = await change(ada, { agent: { ...ada.agent, agentId: 'a-1', account: ONE } });
    expect(await claim(ada)).toEqual({ outcome: 'claimed', record: after, raced: true });
    expect((await bench.read(ada)).version).toBe(after.version);
  });

  it('is not taken under a lease that is lost, or for a person who was erased', async () => {
    const { bench, directory, claim } = opened();
    const ada = await store(bench, recordOf('ada', { lease: LEASE }));
    await loseLease(bench, ada);
    expect(await claim(ada)).toEqual({ outcome: 'lost' });
    const eve = await store(bench, recordOf('eve', { lease: LEASE }));
    const { lease: _, ...rest } = eve;
    expect((await directory.updatePerson(eve, { ...rest, version: 2 })).ok).toBe(true);
    expect(await claim(eve)).toEqual({ outcome: 'lost' });
    const bob = await store(bench, recordOf('bob'));
    await directory.erasePerson(bob);
    expect(await claim(bob)).toEqual({ outcome: 'lost' });
    expect(await directory.agentHolder(ONE, 'a-1')).toBeUndefined();
  });

  it('is given up where the record changes at each try', async () => {
    const { bench, directory, change } = opened();
    const ada = await store(bench, recordOf('ada', { lease: LEASE }));
    let tries = 0;
    const busy: Directory = {
      ...directory,
      updatePerson: async (before, after) => {
        tries += 1;
        await change(ada, {});
        return directory.updatePerson(before, after);
      },
    };
    await expect(claimAgent(busy, ONE, ada, 'a-1')).rejects.toThrow();
    expect(tries).toBe(MAX_RACES);
  });
});

describe('the record of the person that holds an agent', () => {
  it('is none where nobody holds it, or where the holder has another one by now', async () => {
    const { bench, directory } = opened();
    expect(await recordOfHolder(directory, ONE, 'a-1')).toBeUndefined();
    const eve = await store(bench, withAgent('eve', { agentId: 'a-1', account: ONE }));
    expect(await recordOfHolder(directory, ONE, 'a-1')).toEqual(eve);
    expect(await recordOfHolder(directory, 'account:two', 'a-1')).toBeUndefined();
    const changed = { ...eve, agent: { ...eve.agent, agentId: 'a-9' } };
    const stale = { ...directory, readPerson: async () => changed };
    expect(await recordOfHolder(stale, ONE, 'a-1')).toBeUndefined();
    expect(
      await recordOfHolder({ ...directory, readPerson: async () => undefined }, ONE, 'a-1'),
    ).toBeUndefined();
  });
});

describe('the reason why a person can not have an address', () => {
  const DESK = 'desk@example.com';

  async function told(eve: PersonRecord, why?: 'held' | 'ring') {
    const { bench, directory } = opened();
    await store(bench, eve);
    return heldMessage(directory, 'demo', DESK, { tenant: 'demo', id: 'eve' }, why);
  }

  it.each<[string, PersonRecord, string]>([
    ['has it', withAgent('eve', { emailId: DESK }), 'is the address of the agent of "eve@example.com"'],
    ['has another one still', withAgent('eve'), 'is to be the address of the agent of "eve@example.com"'],
    ['is not there yet', recordOf('eve'), 'is to be the address of the agent of "eve@example.com"'],
    [
      'was made by version 0.1.0, which kept no address',
      recordOf('eve', { agent: { customId: 'key', presence: 'active' } }),
      'is the address of the agent of "eve@example.com"',
    ],
  ])('names the person whose agent %s', async (_, eve, words) => {
    const message = await told(eve);
    expect(message).toContain(`${DESK} ${words}`);
    expect(message).toContain('Give one of the two another address');
  });

  it('says what helps where two would exchange addresses', async () => {
    expect(await told(withAgent('eve', { emailId: DESK }), 'ring')).toContain('doctor --probe');
    expect(await told(withAgent('eve', { emailId: DESK }), 'held')).not.toContain('doctor --probe');
  });

  it('names no person of another tenant, not even one with the same id', async () => {
    const { bench, directory } = opened();
    await store(bench, recordOf('eve'));
    await store(bench, withAgent('eve', { emailId: DESK }, { tenant: 'second' }));
    const message = await heldMessage(directory, 'demo', DESK, { tenant: 'second', id: 'eve' });
    expect(message).toContain(`${DESK} is the address of an agent of another tenant of this account`);
    expect(message).not.toContain('eve');
  });

  it('names the id of a person who is erased by now', async () => {
    const { directory } = opened();
    const message = await heldMessage(directory, 'demo', DESK, { tenant: 'demo', id: 'eve' });
    expect(message).toContain(`${DESK} is the address of the agent of "eve"`);
  });

  it('stays short, however long names and addresses are', async () => {
    const { bench, directory } = opened();
    await store(bench, withAgent('eve', {}, { person: person('e'.repeat(5_000)) }));
    const holder = { tenant: 'demo', id: 'eve' };
    const message = await heldMessage(directory, 'demo', `${'d'.repeat(5_000)}@example.com`, holder);
    expect(message.length).toBeLessThan(500);
  });
});

describe('the keys of agents that persons had before there were keys', () => {
  it.each([
    { account: ONE, isDone: false },
    { account: ONE, after: 'ada', isDone: false },
    { account: ONE, isDone: true },
  ])('are written from where the last pass stopped: %j', async (pass) => {
    const { directory } = opened();
    expect(await readKeyPass(directory, 'demo')).toBeUndefined();
    await writeKeyPass(directory, 'demo', pass);
    expect(await readKeyPass(directory, 'demo')).toEqual(pass);
  });

  it('count as not written where what is stored can not be read', async () => {
    const { directory } = opened();
    await directory.writeDocument('demo', 'agent-holders', { account: 7, isDone: true });
    expect(await readKeyPass(directory, 'demo')).toBeUndefined();
    await directory.writeDocument('demo', 'agent-holders', { account: ONE, after: 7, isDone: 'yes' });
    expect(await readKeyPass(directory, 'demo')).toEqual({ account: ONE, isDone: false });
  });

  it('are all there once every tenant of the account is done with this very account', async () => {
    const { directory } = opened();
    const known = () => areAllHoldersKnown(directory, ONE, ['demo', 'second']);
    expect(await known()).toBe(false);
    await writeKeyPass(directory, 'demo', { account: ONE, isDone: true });
    expect(await known()).toBe(false);
    await writeKeyPass(directory, 'second', { account: ONE, isDone: false });
    expect(await known()).toBe(false);
    await writeKeyPass(directory, 'second', { account: 'account:former', isDone: true });
    expect(await known()).toBe(false);
    await writeKeyPass(directory, 'second', { account: ONE, isDone: true });
    expect(await known()).toBe(true);
  });
});
