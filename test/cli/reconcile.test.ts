import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PRIORITY } from '../../functions/directory/record.ts';
import { listActions } from '../../functions/operate/audit.ts';
import { accept } from '../../functions/provision/accept.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { reconcile } from '../../functions/reconcile/reconciliation.ts';
import { person, prepareCentre } from './centre.ts';
import { PATIENCE_MS } from './program.ts';
import { closeStores, STORES, type Store } from './stores.ts';

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
beforeAll(async () => {
  prepared = await prepareCentre();
}, PATIENCE_MS);
afterAll(async () => {
  prepared.remove();
  await closeStores();
});

describe.each(STORES)('findings of a reconciliation on %s', { timeout: PATIENCE_MS }, (_kind, open) => {
  let store: Store;
  beforeEach(async () => {
    store = await open(prepared);
    await store.centre.arrive(person('ada', 'Sales'));
    await store.centre.arrive(person('bob', 'Sales'));
  }, PATIENCE_MS);
  afterEach(() => store.centre.close());

  const look = async () => {
    const { provisioning, services } = store.centre;
    const found = await reconcile(provisioning, services, Date.now() + 60_000, true);
    if (found.outcome !== 'done') throw new Error(JSON.stringify(found));
    return found.reconciliation;
  };
  const work = () => drain(store.centre.provisioning, store.centre.services, Date.now() + 60_000);
  const agentOf = (emailId: string) => {
    const agent = store.centre.simulator.agents().find((each) => each.emailId === emailId);
    if (agent === undefined) throw new Error(`no agent has ${emailId}`);
    return agent;
  };
  const rename = (emailId: string, lastName: string) =>
    store.centre.simulator.editAgent(agentOf(emailId).id, { lastName });
  const actions = async () => (await listActions(store.centre.services, 'demo', { limit: 9 })).entries;

  it('repairs those who are named, and shows what became of them', async () => {
    await look();
    rename('ada@example.com', 'Changed');
    rename('bob@example.com', 'Changed');
    expect(await look()).toMatchObject({ drifted: 2 });
    const shown = await store.run(['reconcile']);
    expect(shown.code).toBe(1);
    expect(shown.stdout).toContain(
      'changed: ada@example.com: lastName\n    lastName: Example here, Changed in SmartAssist\n',
    );
    expect(shown.stdout).toMatch(/changed last at \S+Z; written from here at \S+Z\n/);
    expect(shown.stdout).toContain('when an agent was changed last, and not by whom');
    const repaired = await store.run(['reconcile', 'repair', 'ADA@example.com', '--why', 'not ours']);
    expect(repaired.stderr).toBe('');
    expect(repaired).toMatchObject({ code: 0 });
    expect(repaired.stdout).toContain(
      'ada@example.com: is read, and written where it differs, within minutes.',
    );
    expect((await store.run(['reconcile'])).stdout).toContain('ada@example.com: lastName (under way)');
    await work();
    expect(agentOf('ada@example.com').lastName).toBe('Example');
    expect(agentOf('bob@example.com').lastName).toBe('Changed');
    expect((await store.run(['reconcile'])).stdout).toContain('ada@example.com: lastName (done since)');
    // A second operator takes what is left.
    const { answer } = await store.json(['reconcile', 'repair', '--all']);
    expect(answer).toMatchObject({ repaired: [{ userName: 'bob@example.com', outcome: 'due' }] });
    await work();
    expect((await store.run(['reconcile'])).code).toBe(0);
    expect(await look()).toMatchObject({ drifted: 0 });
    const { id } = await store.centre.find('ada@example.com');
    expect((await actions())[1]).toMatchObject({
      action: 'reconcile repair',
      reason: 'not ours',
      persons: [id],
    });
  });

  it('ignores a change until the agent is changed again', async () => {
    await look();
    rename('ada@example.com', 'Lovelace');
    await look();
    const ignored = await store.run(['reconcile', 'ignore', 'ada@example.com', '--why', 'her wish']);
    expect(ignored).toMatchObject({ code: 0, stderr: '' });
    expect(ignored.stdout).toContain('1 finding ignored');
    expect((await actions())[0]).toMatchObject({ action: 'reconcile ignore', reason: 'her wish' });
    const shown = await store.run(['reconcile']);
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.stdout).toContain('ada@example.com: lastName (ignored)');
    expect(await look()).toMatchObject({ drifted: 0, ignored: 1 });
    expect((await store.run(['reconcile'])).stdout).toContain('0 of nobody here, 1 ignored');
    rename('ada@example.com', 'Byron');
    expect(await look()).toMatchObject({ drifted: 1 });
    rename('ada@example.com', 'Lovelace');
    expect(await look()).toMatchObject({ drifted: 0 });
    expect((await store.run(['reconcile', 'ignore', '--undo', 'ada@example.com'])).code).toBe(0);
    expect(await look()).toMatchObject({ drifted: 1 });
    const absent = await store.run(['reconcile', 'ignore', 'bob@example.com']);
    expect(absent).toMatchObject({ code: 1 });
    expect(absent.stdout).toContain('bob@example.com: the last reconciliation found nothing of it.');
  });

  it('ignores an agent of nobody', async () => {
    const { id } = store.centre.simulator.seedAgent({ emailId: 'stranger@example.com' });
    expect(await look()).toMatchObject({ foreigners: 1 });
    expect((await store.run(['reconcile'])).stdout).toContain(`of nobody: ${id} stranger@example.com\n`);
    expect(await store.run(['reconcile', 'ignore', id])).toMatchObject({ code: 0 });
    expect(await look()).toMatchObject({ foreigners: 0, ignoredForeigners: 1 });
    expect((await store.run(['reconcile'])).code).toBe(0);
  });

  it('gives a person without an agent one of nobody, and no agent to two', async () => {
    const { id } = store.centre.simulator.seedAgent({ emailId: 'grace@other.example', firstName: 'Grace' });
    await look();
    await store.connect();
    // SmartAssist refused her, so she has none.
    store.centre.simulator.setBehaviour({
      callsPerMinute: 3_000,
      faults: [{ on: 'POST /agents', kind: 'status', status: 400, times: 1 }],
    });
    await accept('demo', store.centre.services, {
      person: person('grace', 'Support'),
      source: 'scim',
      priority: PRIORITY.backfill,
    });
    await work();
    expect((await store.centre.find('grace@example.com')).state).toBe('failed');
    const adopted = await store.run(['reconcile', 'adopt', id, '--as', 'grace@example.com']);
    expect(adopted.stderr).toBe('');
    expect(adopted.stdout).toContain(
      `${id} (until now grace@other.example) is the agent of grace@example.com now`,
    );
    await work();
    const { state, agent } = await store.centre.find('grace@example.com');
    expect({ state, agentId: agent.agentId }).toEqual({ state: 'provisioned', agentId: id });
    expect(store.centre.simulator.agents()).toHaveLength(3);
    expect((await store.run(['reconcile'])).stdout).toContain(`${id} grace@other.example (done since)`);
    expect((await actions())[0]).toMatchObject({ action: 'reconcile adopt', agents: [id] });
    const again = await store.run(['reconcile', 'adopt', id, '--as', 'ada@example.com']);
    expect(again).toMatchObject({ code: 2 });
    expect(again.stderr).toContain('ada@example.com has an agent already');
    const absent = await store.run(['reconcile', 'adopt', 'a-0', '--as', 'grac@example.com']);
    expect(absent.stderr).toContain('the nearest names are: grace@example.com');
  });

  it('says of a name of nobody which are near, and asks which are meant', async () => {
    await look();
    const { stdout, code } = await store.run(['reconcile', 'repair', 'adda@example.com']);
    expect(code).toBe(1);
    expect(stdout).toContain('adda@example.com is nobody here; the nearest names are: ada@example.com');
    expect((await store.run(['reconcile', 'repair'])).stderr).toContain('which? Name people or agents');
    expect((await store.run(['reconcile', 'adopt', 'a-1'])).stderr).toContain('--as <name>');
  });
});
