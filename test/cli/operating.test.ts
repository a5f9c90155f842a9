import { userInfo } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PRIORITY } from '../../functions/directory/record.ts';
import { listActions } from '../../functions/operate/audit.ts';
import { accept } from '../../functions/provision/accept.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { nextRemapJob } from '../../functions/provision/remap-jobs.ts';
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
    expect(again.stdout).toContain('cleo@example.com: is due already, and not put off.');
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
    expect(stderr).toMatch(/^demo: Paused since \S+Z by .+: SmartAssist is being moved resume ends it\.\n/);
    expect(stderr).toContain(operator);
    const second = await store.run(['pause', '--why', 'another reason']);
    expect(second.stdout).toContain('demo is paused already.');
    expect(second.stdout).toContain('SmartAssist is being moved');
    expect((await store.run(['resume'])).stdout).toContain('demo goes on within a minute.');
    expect((await store.run(['resume'])).stdout).toContain('demo is not paused.');
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
  });
});
