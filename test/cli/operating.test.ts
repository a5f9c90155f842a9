import { userInfo } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PRIORITY } from '../../functions/directory/record.ts';
import { listActions } from '../../functions/operate/audit.ts';
import { accept } from '../../functions/provision/accept.ts';
import { isReconciliationWanted } from '../../functions/provision/agent/search.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { nextRemapJob } from '../../functions/provision/remap-jobs.ts';
import { reconcile } from '../../functions/reconcile/reconciliation.ts';
import { person, prepareCentre } from './centre.ts';
import { PATIENCE_MS } from './program.ts';
import { closeStores, OPERATOR, STORES, type Store } from './stores.ts';

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
beforeAll(async () => {
  prepared = await prepareCentre();
}, PATIENCE_MS);
afterAll(async () => {
  prepared.remove();
  await closeStores();
});

const UNUSABLE = { name: { givenName: 'C', familyName: 'x'.repeat(60) } };

describe.each(STORES)('operating on %s', { timeout: PATIENCE_MS }, (kind, open) => {
  let store: Store;
  const operator = kind === 'SQLite' ? `${userInfo().username} (this machine)` : OPERATOR;
  beforeEach(async () => {
    store = await open(prepared);
  }, PATIENCE_MS);
  afterEach(() => store.centre.close());

  const put = (name: string, changes: object = {}) =>
    accept('demo', store.centre.services, {
      person: person(name, 'Sales', changes),
      source: 'scim',
      priority: PRIORITY.backfill,
    });
  const work = () => drain(store.centre.provisioning, store.centre.services, Date.now() + 60_000);
  const actions = async () => (await listActions(store.centre.services, 'demo', { limit: 9 })).entries;

  it('tries one again, and says who did it and why', async () => {
    await put('cleo', UNUSABLE);
    await work();
    const { stdout, code } = await store.run(['retry', 'CLEO@example.com', '--why', 'mended in HR']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/ {2}cleo@example\.com: failed, name\.familyName/);
    expect(stdout).toContain('1 person will be tried again within a minute.');
    const record = await store.centre.find('cleo@example.com');
    expect(record).toMatchObject({ state: 'due', priority: PRIORITY.interactive });
    expect(await actions()).toMatchObject([
      { action: 'retry', by: operator, reason: 'mended in HR', count: 1, persons: [record.id] },
    ]);
    const { entries } = await store.centre.directory.listHistory('demo', record.id, { limit: 1 });
    expect(entries).toMatchObject([{ what: 'retry', source: operator, message: 'mended in HR' }]);
    // A second operator sees what the first one did.
    const again = await store.run(['retry', 'cleo@example.com']);
    expect(again.stdout).toMatch(
      /cleo@example\.com: is due already, and not put off\.\n {2}.+ did retry at \S+Z: mended in HR\n/,
    );
    expect(again.stdout).toContain('Nobody is tried again.');
  });

  it('tries all of a reason again, and more than twenty only when their number is typed', async () => {
    for (let i = 0; i < 22; i += 1) await put(`c${i}`, UNUSABLE);
    await work();
    const argv = ['retry', '--reason', 'unusable-value'];
    const silent = await store.run(argv);
    expect(silent).toMatchObject({ code: 2 });
    expect(silent.stderr).toContain('22 persons would be tried again, and the number was not typed');
    expect((await store.run(argv, { input: '21\n' })).code).toBe(2);
    expect((await store.run([...argv, '--yes', '23'])).code).toBe(2);
    expect((await store.centre.find('c1@example.com')).state).toBe('failed');
    const typed = await store.run(argv, { input: '22\n' });
    expect(typed).toMatchObject({ code: 0 });
    expect(typed.stdout).toContain('22 persons will be tried again within a minute.');
    expect((await store.centre.find('c1@example.com')).state).toBe('due');
  });

  it('takes those who failed one and all, and no others', async () => {
    await put('cleo', UNUSABLE);
    await put('dora', { active: false });
    await work();
    const { answer } = await store.json(['retry', '--all-failed']);
    expect(answer).toMatchObject({
      retried: [{ userName: 'cleo@example.com', was: 'failed', outcome: 'due' }],
    });
  });

  it('suggests the nearest names for a name of nobody, and ends with 1', async () => {
    await put('gracehopper');
    const { stdout, code } = await store.run(['retry', 'gracehoper@example.com']);
    expect(code).toBe(1);
    expect(stdout).toContain(
      'gracehoper@example.com is nobody here; the nearest names are: gracehopper@example.com.',
    );
  });

  it('pauses a tenant: what comes in waits, every command says so, and resuming lets it go on', async () => {
    const paused = await store.run(['pause', '--why', 'SmartAssist is being moved']);
    expect(paused).toMatchObject({ code: 0, stderr: '' });
    await put('ada');
    expect(await work()).toMatchObject({ outcome: 'idle' });
    expect((await store.centre.find('ada@example.com')).state).toBe('due');
    expect(await store.centre.arrive(person('bob', 'Sales'))).toMatchObject({ state: 'due' });
    const { stderr } = await store.run(['people']);
    expect(stderr).toMatch(/^demo: Paused since \S+Z by .+: SmartAssist is being moved. resume ends it\.\n/);
    expect(stderr).toContain(operator);
    const second = await store.run(['pause', '--why', 'another reason']);
    expect(second.stdout).toContain('demo is paused already.');
    expect(second.stdout).toContain('SmartAssist is being moved');
    expect((await store.run(['resume'])).stdout).toContain('demo goes on within a minute.');
    expect((await store.run(['resume'])).stdout).toMatch(
      /^demo is not paused\.\n {2}.+ did resume at \S+Z\n$/,
    );
    await work();
    expect((await store.centre.find('ada@example.com')).state).toBe('provisioned');
    expect((await store.centre.find('bob@example.com')).state).toBe('provisioned');
    expect((await actions()).map(({ action }) => action)).toEqual(['resume', 'pause']);
  });

  it('has everybody evaluated again, and shows before what would change', async () => {
    await store.centre.arrive(person('ada', 'Sales'));
    await store.centre.notice();
    await work();
    const dry = await store.run(['remap', '--dry-run']);
    expect(dry.stderr).toBe('');
    expect(await nextRemapJob(store.centre.directory, 'demo', Date.now())).toBeUndefined();
    const { stdout, code } = await store.run(['remap']);
    expect(code).toBe(0);
    expect(stdout).toContain('1 person will be evaluated again, from the next minute on.');
    expect(await nextRemapJob(store.centre.directory, 'demo', Date.now())).toMatchObject({ kind: 'all' });
    expect(await actions()).toMatchObject([{ action: 'remap', by: operator }]);
    expect((await store.run(['remap'])).stdout).toMatch(/^Lately: .+ did remap at \S+Z\n/);
  });

  it('counts for whom each rule is while it looks at everybody, and shows rules for nobody', async () => {
    await store.centre.arrive(person('ada', 'Billing'));
    await put('cleo', UNUSABLE);
    await store.run(['remap']);
    expect((await store.run(['failures'])).stdout).toBe('Nobody has failed.\n');
    await work();
    const { directory } = store.centre;
    const created = await directory.createGroup({
      tenant: 'demo',
      id: 'g1',
      version: 1,
      groupVersion: 1,
      createdAt: '2030-01-01T00:00:00.000Z',
      updatedAt: '2030-01-01T00:00:00.000Z',
      group: { displayName: 'Contact Center Support' },
    });
    expect(created.ok).toBe(true);
    const { stdout, code } = await store.run(['failures']);
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /Rules that apply to no person \(counted at \S+Z; remap counts again\):\n {2}rule technical support: since \S+Z its condition has held for no person\n/,
    );
    expect(stdout).toContain(
      '    there is no group Contact Centre Support; the nearest names are: Contact Center Support\n',
    );
    expect(stdout).toContain('  rule German speakers: since ');
    expect(stdout).not.toContain('rule billing');
    const { answer } = await store.json(['failures']);
    expect(answer).toMatchObject({
      rules: [],
      counted: {
        isOfOtherMapping: false,
        persons: 2,
        wanted: 2,
        rules: [
          { name: 'everyone', count: 2 },
          { name: 'billing', count: 1 },
          { name: 'technical support', count: 0 },
          { name: 'German speakers', count: 0 },
        ],
      },
    });
  });

  it('provisions one person at once and tells each step', async () => {
    await store.centre.arrive(person('ada', 'Sales'));
    await put('bob');
    await put('cleo', UNUSABLE);
    const failed = await store.run(['provision', 'cleo@example.com', '--now']);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(
      /^1 found: cleo@example\.com, due, from scim\n2 in scope: to be an agent\n/,
    );
    expect(failed.stdout).toContain('    problem: name.familyName');
    expect(failed.stdout).toContain('5 outcome: failed');
    expect(await actions()).toMatchObject([{ action: 'provision', by: operator, result: 'invalid' }]);
    const soon = await store.run(['provision', 'cleo@example.com']);
    expect(soon).toMatchObject({ code: 0 });
    expect((await store.centre.find('cleo@example.com')).state).toBe('due');
    await store.run(['pause']);
    const paused = await store.run(['provision', 'bob@example.com', '--now']);
    expect(paused).toMatchObject({ code: 2 });
    expect(paused.stderr).toContain('provision again after resume. Paused since ');
  });

  it('exports everything about one person, whatever name is given', async () => {
    await store.centre.arrive(person('ada', 'Sales', { externalId: 'hr-1' }));
    const { code, stdout } = await store.run(['export', 'hr-1']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      record: { person: { userName: 'ada@example.com' }, state: 'provisioned' },
      groups: [],
      history: [{ what: 'created' }],
      refusals: [],
    });
    expect(await actions()).toMatchObject([{ action: 'export', by: operator }]);
  });

  it('erases one person at once when the userName is typed, and gives a receipt', async () => {
    await store.centre.arrive(person('ada', 'Sales'));
    const { id } = await store.centre.find('ada@example.com');
    expect((await store.run(['erase', 'ada@example.com'])).stderr).toContain('--now erases at once');
    const untyped = await store.run(['erase', 'ada@example.com', '--now'], { input: 'bob@example.com\n' });
    expect(untyped).toMatchObject({ code: 2 });
    expect((await store.centre.find('ada@example.com')).id).toBe(id);
    const { code, stdout } = await store.run(['erase', 'ada@example.com', '--now'], {
      input: 'ada@example.com\n',
    });
    expect(code).toBe(0);
    expect(stdout).toContain(`person ${id}`);
    expect(stdout).toContain('✓ 1 entries of history');
    expect(stdout).toContain('- SmartAssist: the agent');
    const { directory } = store.centre;
    expect(await directory.readPerson('demo', id)).toBeUndefined();
    expect(await directory.listHistory('demo', id, { limit: 9 })).toEqual({ entries: [] });
    expect((await directory.namedPersons('demo', 'ada', { limit: 9 })).persons).toEqual([]);
    const [action] = await actions();
    expect(action).toMatchObject({ action: 'erase', by: operator, persons: [id] });
    // The audit names nobody who is gone.
    const audit = await store.run(['audit']);
    expect(audit.stdout).not.toContain('ada@example.com');
    expect(audit.stdout).toContain(`erase: ${id}, by ${operator}`);
    expect(audit.stdout).toContain(`agent created: ${id}, from scim`);
  });

  it('exports the audit as lines of OCSF', async () => {
    await store.centre.arrive(person('ada', 'Sales'));
    await store.run(['pause', '--why', 'moving']);
    const { stdout, code } = await store.run(['audit', '--since', '1h', '--export']);
    expect(code).toBe(0);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events).toMatchObject([
      {
        class_uid: 6003,
        type_uid: 600_399,
        actor: { user: { name: operator } },
        api: { operation: 'pause' },
        message: 'moving',
      },
      { class_uid: 3001, activity_id: 1, type_uid: 300_101, actor: { app_name: 'scim' } },
    ]);
    expect((await store.run(['audit', '--since', 'yesterday'])).stderr).toContain('--since yesterday');
  });

  it('shows what the last reconciliation found, and has one begun', async () => {
    expect((await store.run(['reconcile'])).stdout).toContain('There was no reconciliation yet');
    const started = await store.run(['reconcile', '--start']);
    expect(started.stdout).toContain('A reconciliation begins within a minute');
    const { services } = store.centre;
    expect(await isReconciliationWanted(services, 'demo')).toBe(true);
    await store.centre.arrive(person('ada', 'Sales'));
    store.centre.simulator.seedAgent({ emailId: 'stranger@example.com' });
    const { outcome } = await reconcile(store.centre.provisioning, services, Date.now() + 60_000, true);
    expect(outcome).toBe('done');
    expect(await isReconciliationWanted(services, 'demo')).toBe(false);
    const { stdout, code } = await store.run(['reconcile']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^Begun at \S+Z, done at \S+Z: 2 agents read\n/);
    expect(stdout).toContain('0 changed in SmartAssist, 0 missing, 1 of nobody here');
  });
});
