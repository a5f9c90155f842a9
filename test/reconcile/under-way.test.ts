import { describe, expect, it } from 'vitest';
import { writeKeyPass } from '../../functions/provision/agent/holders.ts';
import { rememberAgent } from '../../functions/provision/agent-index.ts';
import { reconcile } from '../../functions/reconcile/reconciliation.ts';
import { appended, LIST_LIMIT, readReconciliation } from '../../functions/reconcile/report.ts';
import { aPerson } from '../contract/directory.ts';
import { demoCatalogue } from '../mapping/demo.ts';
import { type ProvisionBench, person, provisionBench } from '../provision/bench.ts';

const LIST = 'GET /organizations/{orgId}/agents';
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A contact centre of three pages of agents that belong to no person. */
async function centre(): Promise<ProvisionBench> {
  const bench = provisionBench();
  for (let number = 0; number < 25; number += 1) bench.simulator.seedAgent({});
  await bench.provisioning.organization.learn(bench.simulator.orgId);
  return bench;
}

const reconciled = ({ provisioning, services, clock }: ProvisionBench, begin: boolean, ms = HOUR_MS) =>
  reconcile(provisioning, services, clock.now() + ms, begin);
const lists = ({ simulator }: ProvisionBench) => simulator.calls()[LIST] ?? 0;
const pause = (bench: ProvisionBench) =>
  bench.directory.writeDocument('demo', 'pause', {
    pause: { since: new Date(bench.clock.now()).toISOString(), by: 'ada' },
  });

describe('a reconciliation under way', () => {
  it('is only gone on with where none is to begin', async () => {
    const bench = await centre();
    expect(await reconciled(bench, false)).toMatchObject({ outcome: 'more' });
    expect(await readReconciliation(bench.services, 'demo')).toBeUndefined();
    expect(await reconciled(bench, true)).toMatchObject({ outcome: 'done' });
    expect(await reconciled(bench, false)).toMatchObject({ outcome: 'more' });
    expect(lists(bench)).toBe(3);
  });

  it('begins anew with nothing of the last one', async () => {
    const bench = await centre();
    await reconciled(bench, true);
    bench.clock.advance(24 * HOUR_MS);
    const startedAt = new Date(bench.clock.now()).toISOString();
    const last = await reconciled(bench, true);
    expect(last).toMatchObject({ reconciliation: { startedAt, agents: 25, foreigners: 25, phase: 'done' } });
  });

  it('leaves behind all that it found', async () => {
    const bench = await centre();
    const { id } = await bench.stored(person('ada'));
    bench.clock.advance(HOUR_MS);
    const agent = bench.simulator.agents().find(({ firstName }) => firstName === 'ada');
    bench.simulator.editAgent(agent?.id ?? '', { lastName: 'By Hand' });
    const done = await reconciled(bench, true);
    expect(done).toMatchObject({ reconciliation: { drift: [{ personId: id, fields: ['lastName'] }] } });
    expect(done).toEqual({
      outcome: 'done',
      reconciliation: await readReconciliation(bench.services, 'demo'),
    });
  });

  it('is not begun with a second left, and gone on with from its page', async () => {
    const bench = await centre();
    await writeKeyPass(bench.directory, 'demo', { account: bench.provisioning.account, isDone: true });
    expect(await reconciled(bench, true, 1_000)).toMatchObject({ outcome: 'more' });
    expect(lists(bench)).toBe(0);
    expect(await readReconciliation(bench.services, 'demo')).toMatchObject({ phase: 'agents', page: 1 });
    expect(await reconciled(bench, false)).toMatchObject({ outcome: 'done' });
  });

  it('calls nothing while the tenant is paused, and goes on afterwards', async () => {
    const bench = await centre();
    await pause(bench);
    const paused = { outcome: 'more' };
    expect(await reconciled(bench, true)).toMatchObject(paused);
    expect(await readReconciliation(bench.services, 'demo')).toBeUndefined();
    expect(bench.simulator.calls().total).toBe(0);
    await bench.directory.eraseDocument('demo', 'pause');
    bench.afterPage(2, () => pause(bench));
    expect(await reconciled(bench, true)).toMatchObject(paused);
    expect(lists(bench)).toBe(2);
    expect(await readReconciliation(bench.services, 'demo')).not.toHaveProperty('lease');
    await bench.directory.eraseDocument('demo', 'pause');
    expect(await reconciled(bench, false)).toMatchObject({ outcome: 'done', reconciliation: { agents: 25 } });
    expect(lists(bench)).toBe(3);
  });

  it('is one function’s for as long as that one gets on, however long it takes', async () => {
    const bench = await centre();
    const others: string[] = [];
    const other = async () => {
      bench.clock.advance(2 * MINUTE_MS);
      others.push((await reconciled(bench, true)).outcome);
    };
    for (const page of [1, 2, 3]) bench.afterPage(page, other);
    expect(await reconciled(bench, true)).toMatchObject({ outcome: 'done', reconciliation: { agents: 25 } });
    expect(others).toEqual(['more', 'more', 'more']);
    expect(lists(bench)).toBe(3);
  });

  it('is taken over from a function that died three minutes ago, and not before', async () => {
    const bench = await centre();
    bench.afterPage(2, async () => {
      throw new TypeError('the function dies');
    });
    await expect(reconciled(bench, true)).rejects.toThrow('the function dies');
    bench.clock.advance(3 * MINUTE_MS - 2_000);
    expect(await reconciled(bench, true)).toMatchObject({ outcome: 'more' });
    expect(lists(bench)).toBe(2);
    bench.clock.advance(2_000);
    expect(await reconciled(bench, false)).toMatchObject({ outcome: 'done', reconciliation: { agents: 25 } });
    expect(lists(bench)).toBe(4);
  });

  it('that another function took over meanwhile is not written by the first one any more', async () => {
    const bench = await centre();
    bench.afterPage(2, async () => {
      bench.clock.advance(4 * MINUTE_MS);
      expect(await reconciled(bench, true)).toMatchObject({ outcome: 'done' });
    });
    await expect(reconciled(bench, true)).rejects.toThrow();
    const finished = await readReconciliation(bench.services, 'demo');
    expect(finished).toMatchObject({ phase: 'done', agents: 25, finishedAt: expect.any(String) });
  });

  it('waits until it is known whose each agent is', async () => {
    const bench = await centre();
    await bench.stored(person('ada'));
    const { account } = bench.provisioning;
    await writeKeyPass(bench.directory, 'demo', { account, isDone: false });
    expect(await reconciled(bench, true, 900)).toMatchObject({ outcome: 'more' });
    expect(await readReconciliation(bench.services, 'demo')).toBeUndefined();
  });

  it('asks with what joiners leave of the budget, while it looks for the organization, too', async () => {
    const bench = provisionBench();
    const { catalogue, client } = bench.provisioning;
    const asked: string[] = [];
    const provisioning = {
      ...bench.provisioning,
      catalogue: {
        ...catalogue,
        get: (terms: Parameters<typeof catalogue.get>[0]) => {
          asked.push(terms.urgency);
          return catalogue.get(terms);
        },
      },
      client: {
        ...client,
        listAgents: (...terms: Parameters<typeof client.listAgents>) => {
          asked.push(terms[2].urgency);
          return client.listAgents(...terms);
        },
      },
    };
    expect(await reconciled({ ...bench, provisioning }, true)).toMatchObject({ outcome: 'done' });
    expect(new Set(asked)).toEqual(new Set(['backfill']));
    expect(asked.length).toBeGreaterThan(1);
  });

  it('begins with names that a version kept which did not look for the organization', async () => {
    const bench = provisionBench();
    const readAt = bench.clock.now() - 5 * MINUTE_MS;
    await bench.directory.writeDocument('demo', 'catalogue', { ...demoCatalogue, readAt });
    expect(await reconciled(bench, true)).toMatchObject({ outcome: 'done' });
  });

  it('does not read names a second time that have told the organization', async () => {
    const bench = provisionBench();
    expect(await reconciled(bench, true)).toMatchObject({ outcome: 'done' });
    expect(bench.simulator.calls()).toMatchObject({ 'GET /agent-groups': 1, 'GET /queues': 1 });
  });
});

describe('persons whose agents a reconciliation does not see', () => {
  it('are none without an agent, with one that is due, or that was written since it began', async () => {
    const bench = provisionBench();
    const later = { inline: undefined } as object;
    for (const name of ['ada', 'ben', 'cyd']) {
      await bench.stored(person(name));
      bench.clock.advance(MINUTE_MS);
    }
    await bench.stored(person('none', { active: false }));
    const ada = await named(bench, 'ada');
    const ben = await named(bench, 'ben');
    // None of the three is shown any more.
    bench.simulator.reset();
    await bench.stored(person('ada', { title: 'new' }), { before: ada, ...later });
    bench.afterPage(1, async () => {
      const written = { ...ben, version: ben.version + 1 };
      const appliedAt = new Date(bench.clock.now()).toISOString();
      await bench.directory.updatePerson(ben, { ...written, agent: { ...ben.agent, appliedAt } });
    });
    const found = await reconciled(bench, true);
    const { id } = await named(bench, 'cyd');
    expect(found).toMatchObject({ reconciliation: { missed: 1, missing: [id] } });
    expect(await bench.directory.readPerson('demo', id)).toMatchObject({
      state: 'due',
      priority: 1,
      agent: { presence: 'none' },
    });
    expect(await bench.read(ben)).toMatchObject({ state: 'provisioned' });
  });

  it('are looked for page by page, and by the next call from where the time was over', async () => {
    const bench = await centre();
    const { directory, clock } = bench;
    const at = new Date(bench.clock.now()).toISOString();
    const ids = Array.from({ length: 101 }, (_, index) => `p${String(index).padStart(3, '0')}`);
    for (const id of ids) {
      const agent = { customId: id, agentId: `a-${id}`, presence: 'active' } as const;
      const times = { createdAt: at, updatedAt: at };
      await directory.createPerson(aPerson('demo', id, { ...times, person: person(id), priority: 1, agent }));
    }
    const begins: (string | undefined)[] = [];
    const slow: typeof directory.listPersons = (tenant, page) => {
      begins.push(page.after);
      clock.advance(HOUR_MS);
      return directory.listPersons(tenant, page);
    };
    const services = { ...bench.services, directory: { ...directory, listPersons: slow } };
    expect(await reconciled({ ...bench, services }, true)).toMatchObject({ outcome: 'more' });
    expect(await reconciled({ ...bench, services }, false)).toMatchObject({
      outcome: 'done',
      reconciliation: { missed: 101, missing: ids },
    });
    expect(begins).toEqual([undefined, 'p099']);
    expect(await readReconciliation(bench.services, 'demo')).not.toHaveProperty('after');
  });
});

it('an agent that an operator decided to keep is not looked up although the list does not show it', async () => {
  const bench = provisionBench();
  const { directory } = bench;
  const agent = { customId: 'p1', agentId: 'a-p1', presence: 'active' } as const;
  const leaver = { ...person('ada'), active: false };
  await directory.createPerson(
    aPerson('demo', 'p1', { person: leaver, state: 'waiting', discarded: true, agent }),
  );
  bench.clock.advance(24 * HOUR_MS);
  expect(await reconciled(bench, true)).toMatchObject({ reconciliation: { missed: 0 } });
  expect(await directory.readPerson('demo', 'p1')).toMatchObject({ state: 'waiting', discarded: true });
});

describe('a person that was refused for the address of another person’s agent', () => {
  const desk = { emails: [{ value: 'desk@example.com', type: 'work', primary: true }] };

  /** The agent of the one, for whose address the other one was refused, is deleted in SmartAssist. */
  async function refused() {
    const bench = provisionBench();
    const ada = await bench.stored(person('ada', desk));
    const eve = await bench.stored(person('eve', desk), { inline: undefined } as object);
    await bench.settled();
    expect(await bench.read(eve)).toMatchObject({ state: 'failed' });
    bench.simulator.reset();
    bench.clock.advance(11 * 24 * HOUR_MS);
    return { bench, ada, eve };
  }

  it('stays so while that person is to have it: the agent is made again', async () => {
    const { bench, ada, eve } = await refused();
    const before = await bench.read(eve);
    expect(await reconciled(bench, true)).toMatchObject({ reconciliation: { missing: [ada.id] } });
    expect(await bench.read(eve)).toEqual(before);
    expect((await bench.read(ada)).state).toBe('due');
  });

  it('stays so while an agent has it whose page is not read tonight, and whose id is', async () => {
    const { bench, ada, eve } = await refused();
    await bench.directory.erasePerson(await bench.read(ada));
    const now = bench.clock.now();
    const agent = { agentId: 'a-1', email: 'desk@example.com' };
    const lastWeek = new Date(now - 6 * 24 * HOUR_MS).toISOString();
    await rememberAgent(bench.directory, 'demo', { ...agent, census: lastWeek }, now);
    const tonight = new Date(now + HOUR_MS).toISOString();
    await rememberAgent(bench.directory, 'demo', { ...agent, email: undefined, census: tonight }, now);
    expect(await reconciled(bench, true)).toMatchObject({ outcome: 'done' });
    expect((await bench.read(eve)).state).toBe('failed');
  });

  it('is tried again once neither that person nor an agent with it is there', async () => {
    const { bench, ada, eve } = await refused();
    await bench.directory.erasePerson(await bench.read(ada));
    expect(await reconciled(bench, true)).toMatchObject({ reconciliation: { missed: 0 } });
    expect(await bench.read(eve)).toMatchObject({ state: 'due', priority: 1 });
    await bench.settled();
    expect(bench.simulator.agents()).toMatchObject([{ emailId: 'desk@example.com', firstName: 'eve' }]);
  });
});

async function named({ directory }: ProvisionBench, name: string) {
  const value = `${name}@example.com`;
  const [record] = await directory.findPerson('demo', { attribute: 'userName', value });
  if (record === undefined) throw new Error(`no ${name}`);
  return record;
}

it('what a reconciliation lists ends at 500', () => {
  const full = Array.from({ length: LIST_LIMIT }, (_, index) => index);
  expect(appended(full.slice(1), 0)).toHaveLength(LIST_LIMIT);
  expect(appended(full, -1)).toEqual(full);
});
