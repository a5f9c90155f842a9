import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectSecret, openStates } from '../../functions/events/source-state.ts';
import { loadConfiguration } from '../../functions/mapping/load.ts';
import { providers } from '../../functions/providers/registry.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import type { Services } from '../../functions/provision/services.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { workPendingEvents } from '../../functions/sources/pending-work.ts';
import { webhookHandler } from '../../functions/webhook/handler.ts';
import { contextWith, scimEvent } from '../scim/event.ts';
import { fixture } from '../webhook/providers.ts';
import { type Centre, openCentre, prepareCentre } from './centre.ts';
import { PATIENCE_MS, run, runJson } from './program.ts';

const SECRET = 'a-secret-of-some-length';
const HANDED = fixture('gusto').handshake as { verification_token: string };
const SOURCES = `scim: { profile: auto }
    timeZone: Europe/Berlin
    sources:
      auth0: { preset: auth0 }
      hr: { preset: bamboohr, fetch: { companyDomain: acme } }
      ory: { preset: ory-polis }
      pay: { preset: gusto, fetch: {} }`;

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
let configuration: string;
let before: string;
let copies = 0;

/** Nick came by Auth0 and is said to be blocked; Bryony of BambooHR can't be read; Ory's directory is gone. */
beforeAll(async () => {
  prepared = await prepareCentre();
  configuration = prepared.configuration('sources.yaml', ['scim: { profile: auto }', SOURCES]);
  before = prepared.copy('before');
  const centre = openCentre(before);
  const { services, settle, send } = listening(centre);
  await send('auth0', { authorization: `Bearer ${SECRET}` }, fixture('auth0').create);
  await settle();
  await send('auth0', { authorization: `Bearer ${SECRET}` }, fixture('auth0').block);
  await send('auth0', { authorization: 'Bearer forged-secret' }, fixture('auth0').create);
  await send('auth0', {}, fixture('auth0').create);
  await expectSecret(openStates(services), 'demo', 'pay', Date.now() + PATIENCE_MS);
  await send('pay', {}, HANDED);
  const thin = { source: 'hr', type: 'employee.created', subject: { id: '67890' } };
  await services.directory.putPendingEvent({
    tenant: 'demo',
    id: 'fetch:hr/67890',
    body: {
      do: 'fetch',
      event: { ...thin, kind: 'upsert', completeness: 'thin', trust: 'signed' },
      attempts: 8,
      since: '2026-11-23T10:00:00.000Z',
      lastError: 'acme.bamboohr.com answered 401',
    },
  });
  const paused = { at: '2026-11-23T10:00:00.000Z', reason: 'The provider says dsync.deleted.' };
  await openStates(services).change('demo', 'ory', (state) => ({ ...state, paused }));
  centre.close();
}, PATIENCE_MS);
afterAll(() => prepared.remove());

/** The centre with the door for webhooks open. */
function listening(centre: Centre) {
  const tenants = loadConfiguration(readFileSync(configuration, 'utf8'), configuration);
  const sources = Object.fromEntries(['auth0', 'hr', 'ory'].map((name) => [name, [SECRET]]));
  const secret = {
    clientId: 'cs-demo',
    clientSecret: 'demo-client-secret',
    scimTokens: [],
    sources,
    keys: [],
  };
  const services: Services = {
    ...centre.services,
    secrets: { get: async () => secret, refresh: async () => secret },
  };
  const demo = tenants.tenants.demo;
  if (demo === undefined) throw new Error('there is no tenant demo');
  const provisioning = openTenant('demo', demo, services);
  const handle = webhookHandler(tenants, services, providers);
  return {
    services,
    settle: async () => {
      await workPendingEvents(providers, provisioning, services, Date.now() + PATIENCE_MS);
      await drain(provisioning, services, Date.now() + PATIENCE_MS);
    },
    send: (source: string, headers: Record<string, string>, body: unknown) =>
      handle(
        scimEvent('POST', `/demo/hooks/${source}`, {
          headers: { 'content-type': 'application/json', ...headers },
          body: JSON.stringify(body),
        }),
        contextWith(),
      ),
  };
}

let data: string;
const argv = (...rest: string[]) => ['--configuration', configuration, '--data-dir', data, ...rest];

beforeEach(() => {
  copies += 1;
  data = `${before}-${copies}`;
  prepared.copyOf(before, data);
});

/** The keys of what waits, by whom it is about. */
async function keys(): Promise<Record<string, string>> {
  const { answer } = await runJson(argv('confirm'));
  const held = answer.held as { key: string; who: string }[];
  return Object.fromEntries(held.map(({ key, who }) => [who, key]));
}

async function nick() {
  const centre = openCentre(data);
  const { person } = await centre.find('nick@example.com');
  centre.close();
  return person;
}

describe('confirm', { timeout: PATIENCE_MS }, () => {
  it('shows what waits, since when and why, and what can be done about it', async () => {
    const { code, stdout, stderr } = await run(argv('confirm'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^[0-9a-f]{8} +auth0 +user\.updated +nick@example\.com +\S+Z +auth0 does not sign what it sends,/m,
    );
    expect(stdout).toMatch(
      /^[0-9a-f]{8} +hr +employee\.created +67890 +\S+Z +acme\.bamboohr\.com answered 401$/m,
    );
    expect(stdout).toMatch(
      /nick@example\.com.*\n {2}accept: the agent goes out of service \(onDeactivate: suspend\)\n/,
    );
    expect(stdout).toMatch(/67890.*\n {2}accept: the person is read from the source again\n/);
    expect(stdout).toContain('confirm accept');
    const { answer } = await runJson(argv('confirm', 'show'));
    expect(answer.held).toHaveLength(2);
    expect(answer.held).toContainEqual(
      expect.objectContaining({ who: 'nick@example.com', effects: [{ does: 'suspend' }] }),
    );
  });

  it('lets somebody leave whom a hand lets leave', async () => {
    const { 'nick@example.com': key = '' } = await keys();
    const { code, stdout } = await run(argv('confirm', 'accept', key));
    expect({ code, stdout }).toEqual({ code: 0, stdout: `${key}  nick@example.com: done within minutes.\n` });
    expect((await nick()).active).toBe(false);
    expect(Object.keys(await keys())).toEqual(['67890']);
  });

  it('has somebody read again who could not be read', async () => {
    const { 67890: key = '' } = await keys();
    const { answer } = await runJson(argv('confirm', 'accept', key));
    expect(answer).toEqual({ accepted: [{ key, outcome: 'fetching' }] });
    const centre = openCentre(data);
    const [pending] = await centre.directory.duePendingEvents('demo', Date.now(), 10);
    expect(pending).toMatchObject({ id: 'fetch:hr/67890', body: { attempts: 0 } });
    centre.close();
  });

  it('keeps everybody in service whom a hand keeps', async () => {
    const { answer } = await runJson(argv('confirm', 'discard', '--all'));
    expect(answer).toEqual({ discarded: 2 });
    expect((await nick()).active).not.toBe(false);
    expect((await run(argv('confirm'))).stdout).toBe('Nothing waits.\n');
  });

  it.each([
    ['a key that nothing has', ['accept', '00000000'], 'nothing waits under 00000000 (any more)\n'],
    ['no key at all', ['discard'], 'which? Name keys as confirm shows them, or --all\n'],
  ])('ends with 2 for %s, and does nothing', async (_, given, said) => {
    expect(await run(argv('confirm', ...given))).toEqual({ code: 2, stdout: '', stderr: said });
    expect(Object.keys(await keys())).toHaveLength(2);
  });

  it('says what the active generation would do, and not what a file does that nothing has activated', async () => {
    expect(await run(argv('push'))).toMatchObject({ code: 0 });
    const strips = prepared.configuration(
      'strips.yaml',
      ['scim: { profile: auto }', SOURCES],
      ['onDeactivate: suspend', 'onDeactivate: strip'],
    );
    const { stdout } = await run(['--data-dir', data, '--configuration', strips, 'confirm']);
    expect(stdout).toContain('onDeactivate: suspend');
    expect(stdout).not.toContain('onDeactivate: strip');
  });
});

describe('sources', { timeout: PATIENCE_MS }, () => {
  it('shows how each fares and what was refused, and ends with 1 for one that is paused', async () => {
    const { code, stdout, stderr } = await run(argv('sources'));
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toMatch(/^auth0 +auth0 +heard +\S+Z +1 no-signature, 1 bad-signature$/m);
    expect(stdout).toMatch(/^hr +bamboohr +never heard +— +none$/m);
    expect(stdout).toMatch(/^ory +ory-polis +paused /m);
    expect(stdout).toContain(
      'ory is paused since 2026-11-23T10:00:00.000Z: The provider says dsync.deleted.',
    );
    const { answer } = await runJson(argv('sources'));
    expect(answer.sources).toContainEqual({
      name: 'auth0',
      preset: 'auth0',
      heardAt: expect.any(String),
      refused: { 'no-signature': 1, 'bad-signature': 1 },
    });
    expect(JSON.stringify(answer)).not.toContain(HANDED.verification_token);
  });

  it('shows of one what was refused last, with headers and without secrets', async () => {
    const { code, stdout } = await run(argv('sources', 'auth0'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/bad-signature: The value of the header authorization is not the secret/i);
    expect(stdout).toMatch(/^ {4}authorization: \(\d+ characters\)$/m);
    expect(stdout).toMatch(/^ {4}content-type: application\/json$/m);
    expect(stdout).not.toMatch(/forged-secret|a-secret/);
    // By the id in the words of the answer, it is found in the sender's log.
    const { refusals } = (await runJson(argv('sources', 'auth0'))).answer as { refusals: { id: string }[] };
    const ids = refusals.map(({ id }) => id.slice(0, 8));
    expect(ids.length).toBeGreaterThan(0);
    for (const id of ids) expect(stdout).toMatch(new RegExp(`^ {2}\\S+Z {2}.* \\(${id}\\)$`, 'm'));
  });

  it('shows what others wrote without what a terminal obeys, as text and as JSON', async () => {
    const centre = openCentre(data);
    const userName = 'eve\u009b31m\u202e@example.com';
    await centre.arrive({
      userName,
      active: true,
      emails: [{ value: 'eve@example.com' }],
      displayName: 'Eve\u001b]0;owned\u0007\nNothing waits.',
    });
    await listening(centre).send('hr', { 'user-agent': 'a\u001b[2J\u202eb\u2066c\u007f\r\nd\u0085' }, {});
    centre.close();
    const texts = [
      (await run(argv('sources', 'hr'))).stdout,
      (await run(['--json', ...argv('sources', 'hr')])).stdout,
      (await run(argv('explain', userName))).stdout,
      (await run(['--json', ...argv('explain', userName)])).stdout,
      (await run(argv('explain', 'no\u001b[2Jbody'))).stderr,
    ];
    for (const text of texts) {
      expect(text).toContain(String.raw`\u`);
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
    }
    expect(texts[0]).toContain(String.raw`user-agent: a\u001b[2J\u202eb\u2066c\u007f\u000d\u000ad\u0085`);
    const { refusals } = JSON.parse(texts[1] ?? '') as { refusals: { headers: Record<string, string> }[] };
    expect(refusals[0]?.headers['user-agent']).toBe('a\u001b[2J\u202eb\u2066c\u007f\r\nd\u0085');
  });

  it('shows a secret that the provider handed over to somebody who asks for it, and to nobody else', async () => {
    const hidden = await run(argv('sources', 'pay'));
    expect(hidden.stdout).toContain('shown with --reveal');
    expect(hidden.stdout).not.toContain(HANDED.verification_token);
    expect((await runJson(argv('sources', 'pay'))).answer).not.toHaveProperty('token');
    expect((await run(argv('sources', 'pay', '--reveal'))).stdout).toContain(HANDED.verification_token);
    const { answer } = await runJson(argv('sources', 'pay', '--reveal'));
    expect(answer.token).toBe(HANDED.verification_token);
  });

  it('takes a paused one up again, and says so of one that was not paused', async () => {
    const { code, stdout } = await run(argv('sources', '--resume', 'ory'));
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringMatching(/^ory is taken from again\. /),
    });
    expect((await run(argv('sources'))).code).toBe(0);
    expect((await runJson(argv('sources', '--resume', 'hr'))).answer).toEqual({ resumed: [] });
  });

  it('lets a provider hand over a secret where its kind does so, for some minutes', async () => {
    const { code, stdout } = await run(argv('sources', 'expect', 'pay'));
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining('sources pay --reveal') });
    for (const wrong of [['auth0'], ['pay', '--minutes', '0'], ['pay', '--minutes', '61']]) {
      expect((await run(argv('sources', 'expect', ...wrong))).code, wrong.join(' ')).toBe(2);
    }
  });

  it.each([[['sources', 'expect', 'orry']], [['sources', 'orry']], [['sources', '--resume', 'orry']]])(
    'ends with 2 for a source that there is not: %j',
    async (given) => {
      expect(await run(argv(...given))).toEqual({
        code: 2,
        stdout: '',
        stderr: 'the tenant demo has no source orry; it has auth0, hr, ory, pay. Did you mean "ory"?\n',
      });
    },
  );
});

describe('what each source says', { timeout: PATIENCE_MS }, () => {
  it('is shown by explain: ids, service, and the attributes that came from it', async () => {
    const { code, stdout } = await run(argv('explain', 'nick@example.com'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^Sources\n {2}auth0 \([^)]+\): in service\n {4}gave userName, /m);
    const { answer } = await runJson(argv('explain', 'nick@example.com'));
    expect(answer.sources).toMatchObject([{ source: 'auth0', status: 'in' }]);
  });

  it('counts as check prints it, defaults too', async () => {
    const { stdout } = await run(['--configuration', configuration, 'check']);
    const lines = stdout.split('\n');
    expect(lines.slice(lines.indexOf('demo:'), lines.indexOf('demo:') + 8)).toEqual([
      'demo:',
      '  out of service by scim, auth0, hr, ory, pay (default)',
      '  attributes from the first that has a value of scim, auth0, hr, ory, pay',
      '  days begin in Europe/Berlin, unless the person has a timezone',
      '  auth0 is self-service (default of auth0), and means everybody (default)',
      '  hr is workforce (default of bamboohr), and means everybody (default)',
      '  ory is workforce (default of ory-polis), and means everybody (default)',
      '  pay is workforce (default of gusto), and means everybody (default)',
    ]);
  });
});

describe('a source that is taken out of the configuration', { timeout: PATIENCE_MS }, () => {
  const HOLD = 'auth0: { preset: auth0 }\n';

  it('holds out whom it held: plan lists them, and --drop lets them come back', async () => {
    const { 'nick@example.com': key = '' } = await keys();
    await run(argv('confirm', 'accept', key));
    expect((await nick()).active).toBe(false);
    const without = prepared.configuration('without.yaml', [
      'scim: { profile: auto }',
      SOURCES.replace(`${HOLD}      `, ''),
    ]);
    const on = (...rest: string[]) => ['--data-dir', data, '--configuration', without, ...rest];
    const { stdout } = await run(on('plan'));
    expect(stdout).toContain(
      'auth0 is no longer configured and holds 1 person out:\n         nick@example.com, since ',
    );
    const rows = (await run(on('plan', '--json'))).stdout.trimEnd().split('\n');
    expect(rows.map((row) => JSON.parse(row))).toContainEqual({
      held: { auth0: ['nick@example.com'] },
      deleted: {},
    });
    expect(await runJson(on('sources', '--drop', 'auth0'))).toMatchObject({
      code: 0,
      answer: { dropped: 'auth0', held: 1, back: 1 },
    });
    expect((await nick()).active).toBe(true);
    expect((await run(on('plan'))).stdout).not.toContain('no longer configured');
    expect((await run(on('sources', '--drop', 'auth0'))).stdout).toBe('auth0 holds nobody out of service.\n');
  });

  it('is suggested for a name that is nearly its own, and nothing is dropped or written down', async () => {
    const on = await heldByFormer();
    expect(await run(on('sources', '--drop', 'auht0'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('auht0 holds nobody out of service. Did you mean "auth0"?'),
    });
    expect((await run(on('audit'))).stdout).not.toContain('source drop');
    expect(await run(on('sources', '--drop', 'another', '--dry-run'))).toMatchObject({
      code: 0,
      stdout: 'another holds nobody out of service.\n',
    });
  });

  it('wants the number typed where it lets more than twenty come back', async () => {
    const on = await heldByFormer();
    const { directory, ...opened } = openCentre(data);
    const record = await opened.find('nick@example.com');
    for (let count = 0; count < 20; count += 1) {
      const userName = `nick${count}@example.com`;
      const { agent: _, ...rest } = record;
      const agent = { customId: `nick${count}`, presence: 'none' } as const;
      const person = { ...record.person, userName, emails: [] };
      await directory.createPerson({ ...rest, agent, id: `nick-${count}`, version: 1, person });
    }
    opened.close();
    const silent = await run(on('sources', '--drop', 'auth0'));
    expect(silent).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('21 persons would be allowed back'),
    });
    expect((await nick()).active).toBe(false);
    const typed = await run(on('sources', '--drop', 'auth0', '--yes', '21'));
    expect(typed).toMatchObject({ code: 0, stdout: expect.stringContaining('auth0 held 21 persons out') });
  });

  /** Nick is out by Auth0, which the configuration no longer has. */
  async function heldByFormer(): Promise<(...rest: string[]) => string[]> {
    const { 'nick@example.com': key = '' } = await keys();
    await run(argv('confirm', 'accept', key));
    const file = prepared.configuration('former.yaml', [
      'scim: { profile: auto }',
      SOURCES.replace(`${HOLD}      `, ''),
    ]);
    return (...rest) => ['--data-dir', data, '--configuration', file, ...rest];
  }

  it.each([
    ['yes', 'yes\n', true],
    ['no', 'no\n', false],
    ['nothing', '', false],
  ])('is asked about by push; %s is answered', async (_, input, isBack) => {
    const on = await heldByFormer();
    const { code, stdout, stderr } = await run(on('push'), { input });
    expect(stderr).toContain('Let 1 person come back whom auth0 holds out? yes or no: ');
    expect(stdout).toContain('Generation 1 is active.');
    expect(code).toBe(0);
    expect((await nick()).active).toBe(isBack);
  });

  it('leaves out whom it has deleted: named by plan and push, and asked about alone', async () => {
    const on = await heldByFormer();
    const centre = openCentre(data);
    const { persons } = await centre.directory.listPersons('demo', { limit: 10 });
    const other = persons.find(({ person }) => person.userName !== 'nick@example.com');
    if (other === undefined) throw new Error('nobody else is there');
    const since = '2026-11-20T10:00:00.000Z';
    const link = { id: 'auth0|gone', out: { since, gone: true } } as const;
    await centre.directory.updatePerson(other, {
      ...other,
      version: other.version + 1,
      person: { ...other.person, active: false },
      deletedAt: since,
      links: { hr: {}, auth0: link },
    });
    const seen = () => centre.directory.readPerson('demo', other.id);
    const { userName } = other.person;
    const named = [
      'auth0 is no longer configured and has deleted 1 person, who stays out:',
      `         ${userName}, since ${since}: would come back, hr and scim have them in service`,
    ].join('\n');
    expect((await run(on('plan'))).stdout).toContain(named);
    const pushed = await run(on('push'), { input: 'yes\n' });
    expect(pushed.stderr).toContain('Let 1 person come back whom auth0 holds out? yes or no: ');
    expect(pushed.stdout).toContain(named);
    expect([(await nick()).active, (await seen())?.deletedAt]).toEqual([true, since]);
    expect(await runJson(on('sources', '--drop', 'auth0', '--dry-run'))).toMatchObject({
      code: 0,
      answer: { dryRun: 'auth0', out: [], gone: [{ userName, since, back: true, by: ['hr', 'scim'] }] },
    });
    const silent = await run(on('sources', '--drop', 'auth0', '--deleted'));
    expect(silent).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('1 person would be allowed back whom auth0 has deleted'),
    });
    expect((await seen())?.deletedAt).toBe(since);
    expect(await runJson(on('sources', '--drop', 'auth0', '--deleted', '--yes', '1'))).toMatchObject({
      code: 0,
      answer: { dropped: 'auth0', held: 1, back: 1, deleted: 0 },
    });
    expect((await seen())?.person.active).toBe(true);
    centre.close();
  });

  it('is what the active generation does not know, whatever the file says', async () => {
    const on = await heldByFormer();
    await run(on('push'), { input: 'no\n' });
    // The file has the source again, and nothing has activated it.
    expect(await runJson(argv('sources', '--drop', 'auth0'))).toMatchObject({
      code: 0,
      answer: { dropped: 'auth0', held: 1, back: 1 },
    });
    await run(argv('push'));
    const refused = await run(on('sources', '--drop', 'auth0'));
    expect(refused.stderr).toContain('auth0 is a source of demo');
    expect(refused.code).not.toBe(0);
  });

  it('is dropped by push without a question where the command says so', async () => {
    const on = await heldByFormer();
    const refused = await run(on('push', '--drop', 'hr'));
    expect(refused.stderr).toContain('hr is a source of demo');
    expect((await nick()).active).toBe(false);
    expect(await runJson(on('push', '--drop', 'auth0'))).toMatchObject({
      code: 0,
      stderr: '',
      answer: { outcome: 'activated', dropped: [{ dropped: 'auth0', held: 1, back: 1 }] },
    });
    expect((await nick()).active).toBe(true);
  });

  it('is dropped by rollback to a generation that does not know it', async () => {
    const on = await heldByFormer();
    expect((await run(on('push'))).code).toBe(0);
    expect((await run(argv('push', '--why', 'auth0 again'))).code).toBe(0);
    expect((await run(argv('rollback', '1', '--drop', 'hr'))).stderr).toContain('hr is a source of demo');
    expect((await nick()).active).toBe(false);
    const asked = await run(argv('rollback', '1'), { input: 'no\n' });
    expect(asked.stderr).toContain('Let 1 person come back whom auth0 holds out? yes or no: ');
    expect((await run(argv('push'))).code).toBe(0);
    expect(await runJson(argv('rollback', '1', '--drop', 'auth0'))).toMatchObject({
      code: 0,
      answer: { outcome: 'activated', dropped: [{ dropped: 'auth0', held: 1, back: 1 }] },
    });
    expect((await nick()).active).toBe(true);
  });

  it.each(['hr', 'scim'])('is none that is configured: %s', async (name) => {
    const { code, stderr } = await run(argv('sources', '--drop', name));
    expect(code).not.toBe(0);
    expect(stderr).toContain(`${name} is a source of demo`);
  });
});

it('says what readings of a source do not tell', { timeout: PATIENCE_MS }, async () => {
  const centre = openCentre(data);
  const unread = { at: '2026-11-23T10:00:00.000Z', what: "status can't be read" };
  await openStates(centre.services).change('demo', 'hr', (state) => ({ ...state, unread }));
  centre.close();
  const { stdout } = await run(argv('sources', 'hr'));
  expect(stdout).toContain("  since 2026-11-23T10:00:00.000Z: status can't be read\n");
});
