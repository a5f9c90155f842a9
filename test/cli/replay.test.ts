import { readFileSync } from 'node:fs';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startFauxqs } from 'fauxqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { storeConfirmation, storeFetch } from '../../functions/events/pending.ts';
import { openRejections, SCIM_DOOR } from '../../functions/events/rejections.ts';
import { loadConfiguration } from '../../functions/mapping/load.ts';
import { listActions } from '../../functions/operate/audit.ts';
import { providers } from '../../functions/providers/registry.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { httpTransport } from '../../functions/runtime/transport.ts';
import { workPendingEvents } from '../../functions/sources/pending-work.ts';
import { Okta } from '../../local/providers/okta.ts';
import { type Served, serveStandIn } from '../../local/providers/stand-in.ts';
import { fixture } from '../webhook/providers.ts';
import { prepareCentre } from './centre.ts';
import { PATIENCE_MS } from './program.ts';
import { closeStores, STORES, type Store } from './stores.ts';

const TOKEN = 'okta-api-token';

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
let served: Served;
let configuration: string;
let ada: string;
beforeAll(async () => {
  prepared = await prepareCentre();
  const okta = new Okta({ now: Date.now, token: TOKEN });
  ada = okta.add({
    login: 'ada@acme.example',
    email: 'ada@acme.example',
    firstName: 'Ada',
    lastName: 'Kay',
  });
  served = await serveStandIn(okta);
  const text = 'scim: { profile: auto }';
  const sources = `okta: { preset: okta-event-hook, fetch: { baseUrl: '${served.url}' } }, acme: { preset: standard-webhooks }`;
  configuration = prepared.configuration('replay.yaml', [text, `${text}\n    sources: { ${sources} }`]);
}, PATIENCE_MS);
afterAll(async () => {
  await served.close();
  prepared.remove();
  await closeStores();
});

describe.each(STORES)('replay on %s', { timeout: PATIENCE_MS }, (_, open) => {
  let store: Store;
  beforeEach(async () => {
    store = await open(prepared);
  }, PATIENCE_MS);
  afterEach(() => store.centre.close());

  /** What the drain does with pending events, with this token for the source. */
  async function work(token: string) {
    const { centre } = store;
    const door = { scimTokens: [], sources: { 'okta.fetch': [token] }, keys: [] };
    const secret = { clientId: 'cs-demo', clientSecret: 'demo-client-secret', ...door };
    const secrets = { get: async () => secret, refresh: async () => secret };
    const services = { ...centre.services, secrets, transport: httpTransport };
    const { demo } = loadConfiguration(readFileSync(configuration, 'utf8'), configuration).tenants;
    if (demo === undefined) throw new Error('there is no tenant demo');
    await workPendingEvents(providers, openTenant('demo', demo, services), services, Date.now() + 30_000);
  }
  const named = (id: string) =>
    ({
      source: 'okta',
      type: 'user.account.update_profile',
      subject: { id },
      kind: 'upsert',
      completeness: 'thin',
      trust: 'signed',
      occurredAt: new Date().toISOString(),
    }) as const;
  const on = (...argv: string[]) => ['--configuration', configuration, 'replay', ...argv];

  it('shows what failed and is kept, and tries it again with --apply', async () => {
    const { services, find } = store.centre;
    await storeFetch(services, 'demo', named(ada));
    await storeConfirmation(
      services,
      'demo',
      { ...named('other'), kind: 'suspend', trust: 'url' },
      'not signed',
    );
    await work('a token that was taken back');
    const listed = await store.run(on());
    expect(listed).toMatchObject({ code: 0 });
    expect(listed.stdout).toMatch(new RegExp(`okta +user\\.account\\.update_profile +${ada} `));
    expect(listed.stdout).toContain('1 event waits for your word: see confirm.');
    const { answer } = await store.json(on());
    const [event] = (answer as { events: { key: string; tries: number; does: string }[] }).events;
    expect(answer).toMatchObject({ events: [{ source: 'okta', does: 'read', tries: 1 }], toConfirm: 1 });
    await expect(find('ada@acme.example')).rejects.toThrow();

    expect(await store.run(on('--apply'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('which?'),
    });
    expect((await store.run(on('nonsense', '--apply'))).stderr).toContain('kept under nonsense');
    expect((await store.json(on('--since', '1h', '--source', 'acme'))).answer).toMatchObject({ events: [] });
    const done = await store.run(on(event?.key ?? '', '--apply', '--why', 'the token is renewed'));
    expect(done).toMatchObject({ code: 0, stdout: expect.stringContaining('tried again within a minute') });
    await work(TOKEN);
    expect((await find('ada@acme.example')).person.name).toMatchObject({ familyName: 'Kay' });
    expect((await store.json(on())).answer).toMatchObject({ events: [], toConfirm: 1 });
    const [action] = (await listActions(services, 'demo', { limit: 1 })).entries;
    expect(action).toMatchObject({ action: 'replay', reason: 'the token is renewed', keys: [event?.key] });
    expect((await store.json(on('--all', '--apply'))).answer).toMatchObject({ events: [] });
  });

  it('shows what was refused at a door with what helps, and reads one person from a source', async () => {
    const { services, find } = store.centre;
    const rejections = openRejections(services);
    await rejections.keep(
      'demo',
      SCIM_DOOR,
      { status: 400, method: 'POST', endpoint: 'Users', detail: 'no name' },
      true,
    );
    await rejections.keep('demo', 'okta', { code: 'bad-signature', message: 'another secret' }, false);
    await rejections.keep('demo', 'acme', { code: 'bad-signature', message: 'another secret' }, false);
    const { stdout } = await store.run(on());
    expect(stdout).toMatch(/scim\n.*400 {2}POST Users: no name.*\n {2}→ the identity provider sends/);
    expect(stdout).toMatch(/okta\n.*bad-signature.*\n {2}→ replay --source okta --person/);
    expect(stdout).toMatch(/acme\n.*bad-signature.*\n {2}→ have acme send it again/);
    expect((await store.run(on('--since', '2100-01-01'))).stdout).toBe('No event that is kept has failed.\n');

    const person = ['--source', 'okta', '--person', ada];
    expect((await store.run(on(...person))).stdout).toContain(`${ada} would be read from okta`);
    expect((await store.run(on('--source', 'acme', '--person', ada))).stderr).toContain(
      'not configured (fetch)',
    );
    await work(TOKEN);
    await expect(find('ada@acme.example')).rejects.toThrow();
    expect(await store.run(on(...person, '--apply'))).toMatchObject({ code: 0, stderr: '' });
    await work(TOKEN);
    const { id } = await find('ada@acme.example');
    // By the name that the person has here, from now on.
    const again = await store.json(on('--source', 'okta', '--person', 'ada@acme.example', '--apply'));
    expect(again.answer).toMatchObject({ source: 'okta', id: ada, person: { id }, applied: true });
    // Of both, in whatever order: a machine's clock may be set back meanwhile.
    const { entries } = await listActions(services, 'demo', { limit: 9 });
    const replayed = { action: 'replay', source: 'okta' };
    expect(entries).toContainEqual(expect.objectContaining({ ...replayed, persons: [] }));
    expect(entries).toContainEqual(expect.objectContaining({ ...replayed, persons: [id] }));
    expect(JSON.stringify(entries)).not.toContain('ada@');
  });

  it('delivers events of EventBridge that wait in the queue of dead letters, and leaves what is something else', async () => {
    const { find, services } = store.centre;
    const queue = await startFauxqs({
      port: 0,
      host: '127.0.0.1',
      logger: false,
      defaultRegion: 'eu-west-1',
    });
    try {
      const eventSource = 'aws.partner/auth0.com/acme-1/auth0.logs';
      const text = 'scim: { profile: auto }';
      const file = prepared.configuration('letters.yaml', [
        text,
        `${text}\n    sources: { auth0: { preset: auth0, eventSource: '${eventSource}' } }`,
      ]);
      const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
      const environment = {
        AWS_ENDPOINT_URL_SQS: queue.address,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      };
      queue.createQueue('failed', { region: 'eu-west-1' });
      const QueueUrl = `${queue.address}/000000000000/failed`;
      const client = new SQSClient({ endpoint: queue.address, region: 'eu-west-1', credentials });
      const put = (letter: unknown) =>
        client.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(letter) }));
      const { create } = fixture('auth0');
      await put({ version: '0', 'detail-type': 'x', source: eventSource, detail: create });
      await put({ requestPayload: { source: 'aws.partner/auth0.com/another/auth0.logs', detail: create } });
      const letters = (...argv: string[]) =>
        store.json(['--configuration', file, 'replay', '--dead-letters', QueueUrl, ...argv], { environment });
      expect((await store.run(['--configuration', file, 'push'], { environment })).code).toBe(0);
      expect(await letters()).toMatchObject({
        code: 0,
        answer: { letters: [{ tenant: 'demo', source: 'auth0', about: 'nick@example.com' }], others: 1 },
      });
      await expect(find('nick@example.com')).rejects.toThrow();
      expect((await letters('--apply')).answer).toMatchObject({
        letters: [{ outcome: 'delivered' }],
        others: 1,
      });
      expect((await find('nick@example.com')).source).toBe('auth0');
      expect((await letters()).answer).toMatchObject({ letters: [], others: 1 });
      const [action] = (await listActions(services, 'demo', { limit: 1 })).entries;
      expect(action).toMatchObject({ action: 'replay', count: 1 });
      client.destroy();
    } finally {
      await queue.stop();
    }
  });
});
