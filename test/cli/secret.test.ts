import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listActions } from '../../functions/operate/audit.ts';
import { prepareCentre } from './centre.ts';
import { PATIENCE_MS, run } from './program.ts';
import { closeStores, STORES, type Store } from './stores.ts';

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
beforeAll(async () => {
  prepared = await prepareCentre();
}, PATIENCE_MS);
afterAll(async () => {
  prepared.remove();
  await closeStores();
});

const OLD = `sha256:${'0a'.repeat(32)}`;
const NEW = `sha256:${'f1'.repeat(32)}`;
const DOOR = 'agent-provisioner/default/demo/door';

describe('secret, of a value in a file', { timeout: PATIENCE_MS }, () => {
  const check = (kind: string, value: unknown) =>
    run(['secret', 'check', kind, '--file', '-'], { input: JSON.stringify(value) });

  it('says what is in it and never a value', async () => {
    const value = { scimTokens: [OLD], sources: { okta: ['hunter2-hunter2'] }, key: ['x'] };
    const { stdout, code } = await check('door', value);
    expect(code).toBe(0);
    expect(stdout).toBe('✓ -: scimTokens: 1; sources: okta 1; keys: 0\n! -: nothing reads key\n');
  });

  it('says which part is wrong and never a value', async () => {
    const { stdout, code } = await check('door', { scimTokens: ['hunter2'], sources: { okta: 'hunter2' } });
    expect(code).toBe(1);
    expect(stdout).toBe('✗ -: wrong: scimTokens.0, sources.okta\n');
    const app = await check('smartassist', { clientId: 'cs-1', admin: {} });
    expect(app.stdout).toContain('wrong: clientSecret, admin.clientId, admin.clientSecret');
    const text = await run(['secret', 'check', 'door', '--file', '-'], { input: '{"scimTokens": hunter2}' });
    expect(text).toMatchObject({ code: 2, stdout: '' });
    expect(text.stderr).toBe('standard input is not JSON; nothing of it is shown\n');
  });
});

describe.each(STORES)('secret on %s', { timeout: PATIENCE_MS }, (kind, open) => {
  let store: Store;
  let secrets: Map<string, string>;
  const isDeployed = kind !== 'SQLite';
  beforeEach(async () => {
    store = await open(prepared);
    secrets = await store.connect();
  }, PATIENCE_MS);
  afterEach(() => store.centre.close());

  const door = () => JSON.parse(secrets.get(DOOR) ?? '{}');

  it.skipIf(isDeployed)('is put on AWS alone', async () => {
    const { stderr, code } = await store.run(['secret', 'set', 'door', '--add-token', NEW]);
    expect(code).toBe(2);
    expect(stderr).toContain('npm start takes its secrets from the environment');
  });

  it.skipIf(!isDeployed)('adds and retires digests and leaves the rest as it is', async () => {
    secrets.set(DOOR, JSON.stringify({ scimTokens: [OLD], sources: { okta: ['s'] }, later: 1 }));
    const added = await store.run(['secret', 'set', 'door', '--add-token', NEW, '--why', 'rotation']);
    expect(added.stderr).toBe('');
    expect(added.stdout).toContain('scimTokens: 2; sources: okta 1; keys: 0');
    expect(door()).toEqual({ scimTokens: [OLD, NEW], sources: { okta: ['s'] }, later: 1 });
    const short = await store.run(['secret', 'set', 'door', '--retire-token', '0a0a']);
    expect(short.stderr).toContain('8 digits of it at least are needed');
    const token = await store.run(['secret', 'set', 'door', '--add-token', 'a-token-itself']);
    expect(token.code).toBe(2);
    expect(token.stderr).not.toContain('a-token-itself');
    expect(await store.run(['secret', 'set', 'door', '--retire-token', '0a0a0a0a'])).toMatchObject({
      code: 0,
    });
    expect(door().scimTokens).toEqual([NEW]);
    const { entries } = await listActions(store.centre.services, 'demo', { limit: 9 });
    expect(entries).toMatchObject([
      { action: 'secret set', secret: 'door', added: 0, retired: 1 },
      { action: 'secret set', secret: 'door', added: 1, retired: 0, reason: 'rotation' },
    ]);
  });

  it.skipIf(!isDeployed)(
    'puts nothing whose form is wrong, and makes a secret that is not there',
    async () => {
      const before = secrets.get(DOOR);
      const wrong = await store.run(['secret', 'set', 'door', '--file', '-'], {
        input: '{"scimTokens":["x"]}',
      });
      expect(wrong.code).toBe(1);
      expect(wrong.stdout).toContain('Nothing was put.');
      expect(secrets.get(DOOR)).toBe(before);
      secrets.delete(DOOR);
      const absent = await store.run(['secret', 'check', 'door']);
      expect(absent.stderr).toContain(`the secret ${DOOR} is not there`);
      const input = JSON.stringify({ scimTokens: [NEW] });
      expect(await store.run(['secret', 'set', 'door', '--file', '-'], { input })).toMatchObject({ code: 0 });
      expect(door()).toEqual({ scimTokens: [NEW] });
      expect((await store.run(['secret', 'check'])).stdout).toContain('the bot app; the admin app');
    },
  );
});
