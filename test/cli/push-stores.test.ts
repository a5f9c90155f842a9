import { userInfo } from 'node:os';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listActions } from '../../functions/operate/audit.ts';
import { readActive } from '../../functions/tenant/generation/store.ts';
import { prepareCentre } from './centre.ts';
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

describe.each(STORES)('generations on %s', { timeout: PATIENCE_MS }, (kind, open) => {
  let store: Store;
  const operator = kind === 'SQLite' ? `${userInfo().username} (this machine)` : OPERATOR;
  beforeEach(async () => {
    store = await open(prepared);
  }, PATIENCE_MS);
  afterEach(() => store.centre.close());

  const active = async () => (await readActive(store.centre.directory))?.entry;
  const moved = () =>
    prepared.configuration('moved.yaml', ['set: { agentGroup: Billing }', 'set: { agentGroup: Sales }']);

  it('are kept with the operator as the way in knows them, and with why, by either word', async () => {
    expect(await store.run(['push', '--reason', 'begin'])).toMatchObject({ code: 0, stderr: '' });
    expect(await active()).toMatchObject({ number: 1, by: operator, reason: 'begin' });
    await store.run(['--configuration', moved(), 'push', '--why', 'Sales takes over', '--by', 'berta']);
    const berta = `berta (${kind === 'SQLite' ? `${userInfo().username}, this machine` : OPERATOR})`;
    expect(await active()).toMatchObject({ number: 2, by: berta, reason: 'Sales takes over' });
    expect(await store.run(['rollback', '1', '--reason', 'oops'])).toMatchObject({ code: 0 });
    expect(await active()).toMatchObject({ number: 3, by: operator, reason: 'oops', restores: 1 });
    const via = kind === 'SQLite' ? 'machine' : 'aws';
    const { entries } = await listActions(store.centre.services, 'demo', { limit: 5 });
    expect(entries).toMatchObject([
      { action: 'rollback', by: operator, via, reason: 'oops', generation: 3 },
      { action: 'push', by: berta, via, reason: 'Sales takes over', generation: 2 },
      { action: 'push', by: operator, via, reason: 'begin', generation: 1 },
    ]);
    const listed = await store.run(['generations']);
    expect(listed.stdout).toContain(`${berta}  `);
    expect(listed.stdout).toContain('rolled back to 1: oops');
  });

  it.skipIf(kind === 'SQLite')('are not activated where AWS does not say whose action it is', async () => {
    const stranger = { environment: { AWS_ACCESS_KEY_ID: 'unknown' } };
    for (const argv of [['push'], ['rollback', '1']]) {
      const refused = await store.run(argv, stranger);
      expect(refused.code).toBe(2);
      expect(refused.stderr).toContain('AWS does not say who you are');
    }
    expect(await active()).toBeUndefined();
    expect(await store.run(['push', '--by', 'anna'], stranger)).toMatchObject({ code: 0 });
    expect(await active()).toMatchObject({ by: `anna (${userInfo().username}, this machine)` });
  });
});
