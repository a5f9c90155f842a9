import { describe, expect, it, vi } from 'vitest';
import { expectSecret, openStates, resumeSource } from '../../functions/events/source-state.ts';
import { ALL_TIME, type Hooks, openHooks, SECONDS, SECRET, sign } from './hooks.ts';
import { fixture, textOf } from './providers.ts';

const TEXT = 'a-secret-of-some-length';
const WHSEC = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`;
const SOURCES = {
  generic: { preset: 'standard-webhooks' },
  okta: { preset: 'okta-event-hook' },
  graph: { preset: 'entra-graph', fetch: { tenantId: 't' } },
  bus: { preset: 'cloudevents' },
  gusto: { preset: 'gusto', fetch: {} },
  bob: { preset: 'hibob', fetch: {} },
  google: { preset: 'google-workspace', fetch: { administrator: 'a@example.com' } },
  ping: { preset: 'pingone' },
  polis: { preset: 'ory-polis' },
  workos: { preset: 'workos' },
  sf: { preset: 'successfactors' },
  rip: { preset: 'rippling' },
  merge: { preset: 'merge' },
  bamboo: { preset: 'bamboohr' },
  bare: { preset: 'json' },
};
const SECRETS = Object.fromEntries(
  Object.keys(SOURCES).map((name) => [name, [name === 'generic' ? WHSEC : TEXT]]),
);
const open = (options: Parameters<typeof openHooks>[0] = {}) =>
  openHooks({ sources: SOURCES, secrets: SECRETS, ...options });

let messages = 0;
const withoutSources = (secret = '{}') => JSON.stringify({ ...JSON.parse(secret), sources: {} });
/** A signed message of the generic source. */
function message(type: string, changes: object = {}, at = SECONDS - 600 + messages) {
  messages += 1;
  const { data } = fixture('standard-webhooks').create as { data: object };
  const body = JSON.stringify({
    type,
    timestamp: new Date(at * 1000).toISOString(),
    data: { ...data, ...changes },
  });
  return { body, headers: sign.standard(WHSEC, `msg_${messages}`, SECONDS, body) };
}

const tell = async (hooks: Hooks, type: string, changes: object = {}, at?: number) =>
  (await hooks.send('generic', message(type, changes, at))).status;

describe('a handshake', () => {
  it('of Okta is answered with the challenge', async () => {
    const answer = await open().send('okta', {
      method: 'GET',
      headers: { 'x-okta-verification-challenge': '<b>' },
    });
    expect(answer).toMatchObject({ status: 200, body: '{"verification":"<b>"}' });
    expect(answer.headers['content-type']).toBe('application/json');
  });

  it('of Graph is answered with the decoded token, as text that no browser takes for a page', async () => {
    const answer = await open().send('graph', {
      query: { validationToken: 'Validation: Testing client <script>' },
      headers: { 'content-type': 'text/plain' },
    });
    expect(answer).toMatchObject({ status: 200, body: 'Validation: Testing client <script>' });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    });
  });

  it('of CloudEvents lets the origin send', async () => {
    const answer = await open().send('bus', {
      method: 'OPTIONS',
      headers: { 'webhook-request-origin': 'eventgrid.azure.net' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers).toMatchObject({
      'webhook-allowed-origin': 'eventgrid.azure.net',
      'webhook-allowed-rate': '*',
    });
  });

  it('of Gusto keeps the token aside, and the token opens nothing by itself', async () => {
    const hooks = open();
    const { handshake, create } = fixture('gusto') as {
      handshake: { verification_token: string };
      create: object;
    };
    await expectSecret(openStates(hooks.services), 'demo', 'gusto', hooks.clock.now() + 60_000);
    hooks.secrets.set(SECRET, withoutSources(hooks.secrets.get(SECRET)));
    expect((await hooks.send('gusto', { body: handshake })).status).toBe(200);
    const state = await hooks.directory.readDocument('demo', 'source:gusto');
    expect(state?.body.handedOver).toMatchObject({ token: handshake.verification_token });
    const body = textOf(create);
    const headers = { 'x-gusto-signature': sign.hex(handshake.verification_token, body) };
    expect((await hooks.send('gusto', { headers, body })).status).toBe(401);
    expect(hooks.logged.join()).not.toContain(handshake.verification_token);
  });

  it.each(['Ping test', '"Ping test"', '{"text":"Ping test"}'])('of HiBob is answered: %s', async (body) => {
    expect((await open().send('bob', { body })).status).toBe(200);
    expect((await open().send('bob', { body: `${body} `.replace('Ping', 'Pong') })).status).toBe(401);
  });

  it('of Google has no body and changes nothing', async () => {
    const hooks = open();
    const headers = {
      'x-goog-channel-token': TEXT,
      'x-goog-resource-state': 'sync',
      'x-goog-channel-id': 'c',
      'x-goog-message-number': '1',
    };
    expect((await hooks.send('google', { headers })).status).toBe(200);
    expect(
      (await hooks.send('google', { headers: { ...headers, 'x-goog-channel-token': 'x' } })).status,
    ).toBe(401);
    expect(await hooks.directory.duePendingEvents('demo', ALL_TIME, 10)).toEqual([]);
  });

  it.each(['okta', 'generic', 'merge'])('of another provider opens nothing at %s', async (source) => {
    const hooks = open();
    const answers = [
      await hooks.send(source, { method: 'GET' }),
      await hooks.send(source, { body: 'Ping test' }),
      await hooks.send(source, { method: 'DELETE' }),
    ];
    expect(answers.map(({ status }) => status)).toEqual([405, 401, 405]);
  });
});

describe('a signature', () => {
  it("of one tenant opens nothing on another's path", async () => {
    const hooks = open();
    const sent = message('user.created');
    expect((await hooks.send('/other/hooks/generic', sent)).status).toBe(401);
    expect((await hooks.send('/demo/hooks/generic', sent)).status).toBe(200);
  });

  it('by a secret that was put in a moment ago opens at once, and the old one for as long as it is there', async () => {
    const hooks = open();
    expect(await tell(hooks, 'user.created')).toBe(200);
    const newer = `whsec_${Buffer.from('another-secret-of-24-byt').toString('base64')}`;
    const [name = '', value = '{}'] = [...hooks.secrets][0] ?? [];
    hooks.secrets.set(name, JSON.stringify({ ...JSON.parse(value), sources: { generic: [newer, WHSEC] } }));
    hooks.clock.advance(31_000);
    const { body } = message('user.updated');
    const headers = sign.standard(newer, 'msg_new', SECONDS + 31, body);
    expect((await hooks.send('generic', { body, headers })).status).toBe(200);
    expect(await tell(hooks, 'user.updated')).toBe(200);
  });

  it('over an id with a dot in it is refused: the dot could be moved over the border to the time', async () => {
    const hooks = open();
    const { body } = message('user.created');
    const headers = sign.standard(WHSEC, 'msg.1', SECONDS, body);
    expect((await hooks.send('generic', { body, headers })).status).toBe(401);
  });

  it('is looked for before the body is: nothing is parsed for somebody unknown', async () => {
    const hooks = open();
    for (const body of ['{', '[1', '<a>', 'x=1', ''])
      expect((await hooks.send('generic', { body })).status).toBe(401);
  });
});

describe('a body', () => {
  const signed = (body: string) => {
    messages += 1;
    return { body, headers: sign.standard(WHSEC, `msg_${messages}`, SECONDS, body) };
  };

  it('of 6 MB is refused before it is hashed', { timeout: 5_000 }, async () => {
    const hooks = open();
    expect((await hooks.send('generic', signed('x'.repeat(6 * 1024 * 1024)))).status).toBe(413);
  });

  it.each([
    ['invalid JSON', '{"type":'],
    ['a bare string', 'hello'],
    ['a form', 'type=user.created&data=x'],
    ['two lines of JSON', '{"a":1}\n{"b":2}'],
    ['JSON nested too deep', `${'['.repeat(200)}${']'.repeat(200)}`],
    ['nothing', ''],
    ['null in the place of a person', '{"type":"user.created","data":null}'],
    ['a person without a name', '{"type":"user.created","data":{}}'],
    ['a person with attributes of other types', '{"type":"user.created","data":{"userName":{"a":1}}}'],
  ])('of %s is refused as bad, and kept for whoever sets it up', async (_, body) => {
    const hooks = open();
    expect((await hooks.send('generic', signed(body))).status).toBe(400);
    const { entries } = await hooks.directory.listHistory('demo', 'refused/generic', { limit: 10 });
    expect(entries).toHaveLength(1);
    expect(await hooks.stored()).toEqual([]);
  });

  it('as bytes in base64 is the same body', async () => {
    const hooks = open();
    expect((await hooks.send('generic', { ...message('user.created'), base64: true })).status).toBe(200);
    expect(await hooks.stored()).toHaveLength(1);
  });

  it('of XML with entities or a document type is refused, however small', async () => {
    const hooks = open();
    const headers = {
      authorization: `Basic ${Buffer.from(TEXT).toString('base64')}`,
      'content-type': 'text/xml',
    };
    const { create } = fixture('successfactors') as { create: string };
    const bomb = '<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;">]>';
    for (const body of [
      create.replace('?>', `?>${bomb}`),
      create.replace('sfadmin42', '&y;'),
      '<a',
      '',
      create.slice(0, -20),
    ]) {
      expect((await hooks.send('sf', { headers, body })).status).toBe(400);
    }
    expect((await hooks.send('sf', { headers, body: create })).status).toBe(400);
    const { entries } = await hooks.directory.listHistory('demo', 'refused/sf', { limit: 1 });
    expect(entries[0]?.message).toContain('fetch');
  });

  it('with 500 items and a bad one among them is taken, all but the one', async () => {
    const hooks = open();
    const [item] = fixture('pingone').create as { id: string; resources: object[] }[];
    const items = Array.from({ length: 500 }, (_, index) => ({
      ...item,
      id: `i${index}`,
      resources:
        index === 250 ? [] : [{ ...item?.resources[0], id: `u${index}`, name: `u${index}@example.com` }],
    }));
    const answer = await hooks.send('ping', { headers: { authorization: TEXT }, body: items });
    expect(answer.status).toBe(200);
    expect(await hooks.stored()).toHaveLength(499);
    const { entries } = await hooks.directory.listHistory('demo', 'refused/ping', { limit: 10 });
    expect(entries).toHaveLength(1);
  });

  it('of one event a line is a batch, too', async () => {
    const hooks = open();
    const [item] = fixture('pingone').create as object[];
    const body = `${JSON.stringify(item)}\n${JSON.stringify({ ...item, id: 'x', action: { type: 'OTHER' } })}\n`;
    expect((await hooks.send('ping', { headers: { authorization: TEXT }, body })).status).toBe(200);
    expect(await hooks.stored()).toHaveLength(1);
  });

  it('of a type that nobody knows is a success that changes nothing', async () => {
    const hooks = open();
    expect(await tell(hooks, 'invoice.paid')).toBe(204);
    expect(await hooks.stored()).toEqual([]);
    const failed = textOf(fixture('okta-event-hook').failed);
    expect((await hooks.send('okta', { headers: { authorization: TEXT }, body: failed })).status).toBe(200);
    expect(await hooks.stored()).toEqual([]);
  });

  it('that mixes subscriptions of Graph is taken item by item', async () => {
    const hooks = open();
    const { create } = fixture('entra-graph') as { create: { value: object[] } };
    const [item] = create.value;
    const of = (id: string, clientState: unknown) => ({
      ...item,
      clientState,
      resource: `Users/${id}`,
      resourceData: { id },
    });
    const send = (value: object[]) => hooks.send('graph', { body: { value } });
    expect((await send([of('a', TEXT), of('b', 'wrong'), of('c', undefined), of('d', TEXT)])).status).toBe(
      202,
    );
    const pending = await hooks.directory.duePendingEvents('demo', hooks.clock.now(), 10);
    expect(pending.map(({ id }) => id).toSorted()).toEqual(['fetch:graph/a', 'fetch:graph/d']);
    expect((await send([of('b', 'wrong')])).status).toBe(401);
    expect((await send([])).status).toBe(401);
  });
});

describe('our own failure', () => {
  it.each(['generic', 'okta', 'ping', 'bus'])('is never a 4xx: %s is asked to send again', async (source) => {
    const hooks = openHooks({
      sources: SOURCES,
      secrets: SECRETS,
      services: (services) => ({
        directory: {
          ...services.directory,
          wasSeen: async () => {
            throw new Error('the table is away');
          },
          createPerson: async () => {
            throw new Error('the table is away');
          },
        },
      }),
    });
    const bodies: Record<string, unknown> = {
      okta: fixture('okta-event-hook').create,
      ping: fixture('pingone').create,
      bus: fixture('cloudevents').create,
    };
    const sent =
      source === 'generic'
        ? message('user.created')
        : { headers: { authorization: source === 'bus' ? `Bearer ${TEXT}` : TEXT }, body: bodies[source] };
    const answer = await hooks.send(source, sent);
    expect(answer.status).toBe(503);
    expect(answer.headers['retry-after']).toBe('60');
    expect(answer.body).not.toContain('table');
  });

  it('as long as the secret is empty, and none once it is filled', async () => {
    const hooks = openHooks({ sources: SOURCES, secrets: SECRETS });
    const [[name, value] = ['', '']] = [...hooks.secrets];
    hooks.secrets.delete(name);
    const sent = message('user.created');
    expect((await hooks.send('generic', sent)).status).toBe(503);
    expect(hooks.logged.join()).toContain(`secret ${name} is not`);
    hooks.secrets.set(name, value);
    hooks.clock.advance(30_000);
    expect((await hooks.send('generic', message('user.created'))).status).toBe(200);
  });

  it('between storing and remembering costs a repetition and no event', async () => {
    let fails = true;
    const hooks = openHooks({
      sources: SOURCES,
      secrets: SECRETS,
      services: (services) => ({
        directory: {
          ...services.directory,
          markSeen: async (...rest) => {
            if (fails) throw new Error('the table is away');
            return services.directory.markSeen(...rest);
          },
        },
      }),
    });
    const sent = message('user.created');
    expect((await hooks.send('generic', sent)).status).toBe(503);
    fails = false;
    expect((await hooks.send('generic', sent)).status).toBe(200);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['grace@example.com']);
  });
});

describe('order', () => {
  it('makes no agent of somebody who was said to be gone before the older news came', async () => {
    const hooks = open();
    await tell(hooks, 'user.deleted', {}, SECONDS - 10);
    await tell(hooks, 'user.created', {}, SECONDS - 20);
    await hooks.settle();
    expect(hooks.agents()).toEqual({ active: [], suspended: [] });
    await tell(hooks, 'user.created', {}, SECONDS - 5);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['grace@example.com']);
  });

  it('does not undo what is newer', async () => {
    const hooks = open();
    await tell(hooks, 'user.created', {}, SECONDS - 50);
    await tell(hooks, 'user.updated', { name: { givenName: 'Grace', familyName: 'New' } }, SECONDS - 20);
    await tell(hooks, 'user.updated', { name: { givenName: 'Grace', familyName: 'Old' } }, SECONDS - 30);
    expect((await hooks.person('grace@example.com'))?.person.name?.familyName).toBe('New');
  });

  it('lets somebody leave whose name was changed later than they left', async () => {
    const zitadel = openHooks({ sources: { z: { preset: 'zitadel' } }, secrets: { z: [TEXT] } });
    const say = (event: unknown, changes: object) => {
      const body = JSON.stringify({ ...(event as object), sequence: undefined, ...changes });
      const headers = { 'zitadel-signature': `t=${SECONDS},v1=${sign.hex(TEXT, `${SECONDS}.${body}`)}` };
      return zitadel.send('z', { headers, body });
    };
    const events = fixture('zitadel');
    await say(events.create, {});
    await say(events.update, { created_at: '2026-11-23T09:59:00Z' });
    await say(events.leave, { created_at: '2026-11-23T09:58:00Z' });
    await zitadel.settle();
    expect(zitadel.agents().active).toEqual([]);
    expect((await zitadel.person('mini@mouse.com'))?.person.name?.familyName).toBe('Maus');
  });

  it('of two that come at once makes one record', async () => {
    const hooks = open();
    await Promise.all([
      tell(hooks, 'user.created'),
      tell(hooks, 'user.updated'),
      tell(hooks, 'user.created'),
    ]);
    expect(await hooks.stored()).toHaveLength(1);
    await hooks.settle();
    expect(hooks.simulator.agents()).toHaveLength(1);
  });

  it('is not upset by a clock that is ahead', async () => {
    const hooks = open();
    await tell(hooks, 'user.created', {}, SECONDS + 86_400);
    hooks.clock.advance(1_000);
    await tell(hooks, 'user.deactivated', {}, SECONDS + 1);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
  });
});

describe('a day to come', () => {
  const later = new Date((SECONDS + 30 * 86_400) * 1000).toISOString();
  const DAYS_MS = 31 * 86_400_000;

  it('is waited for by a joiner, who is no agent before', async () => {
    const hooks = open();
    expect(await tell(hooks, 'user.created', { effectiveAt: later })).toBe(200);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
    hooks.clock.advance(DAYS_MS);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['grace@example.com']);
  });

  it('is waited for by a leaver, unless they stay', async () => {
    for (const stays of [false, true]) {
      const hooks = open();
      await tell(hooks, 'user.created', {}, SECONDS - 100);
      await tell(hooks, 'user.deactivated', { effectiveAt: later }, SECONDS - 90);
      await hooks.settle();
      expect(hooks.agents().active).toEqual(['grace@example.com']);
      if (stays) await tell(hooks, 'user.activated', {}, SECONDS - 80);
      hooks.clock.advance(DAYS_MS);
      await hooks.settle();
      expect(hooks.agents().active).toEqual(stays ? ['grace@example.com'] : []);
    }
  });

  it('is not forgotten because something older comes late', async () => {
    const hooks = open();
    await tell(hooks, 'user.created', {}, SECONDS - 100);
    await tell(hooks, 'user.deactivated', { effectiveAt: later }, SECONDS - 80);
    await tell(hooks, 'user.activated', {}, SECONDS - 90);
    await tell(hooks, 'user.deactivated', { effectiveAt: '2027-06-01T00:00:00Z' }, SECONDS - 95);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['grace@example.com']);
    hooks.clock.advance(DAYS_MS);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
  });

  it('is not forgotten because the directory fails on it', async () => {
    const hooks = open();
    await tell(hooks, 'user.created', {}, SECONDS - 100);
    await tell(hooks, 'user.deactivated', { effectiveAt: later }, SECONDS - 90);
    hooks.clock.advance(DAYS_MS);
    vi.spyOn(hooks.directory, 'updatePerson').mockRejectedValueOnce(new Error('the table is away'));
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['grace@example.com']);
    hooks.clock.advance(60_000);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
  });

  it("is in Merge's record of somebody who still works", async () => {
    const hooks = open();
    const say = (body: string) =>
      hooks.send('merge', { headers: { 'x-merge-webhook-signature': sign.base64url(TEXT, body) }, body });
    const { create, later: leaving } = fixture('merge');
    await say(textOf(create));
    await say(textOf(leaving));
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['greg@merge.example']);
    hooks.clock.advance(40 * 86_400_000);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
  });
});

describe('a directory that is removed', () => {
  it.each([
    ['workos', 'gone'],
    ['polis', 'gone'],
    ['rip', 'gone'],
  ])('pauses the source %s, raises an alarm and puts nobody out of service', async (source, step) => {
    const hooks = open();
    await tell(hooks, 'user.created');
    await hooks.settle();
    const preset = SOURCES[source as keyof typeof SOURCES].preset;
    const body = textOf(fixture(preset)[step]);
    const at = SECONDS * 1000;
    const headers = {
      workos: { 'workos-signature': `t=${at}, v1=${sign.hex(TEXT, `${at}.${body}`)}` },
      polis: { 'ory-signature': `t=${at},s=${sign.hex(TEXT, `${at}.${body}`)}` },
      rip: { authorization: `Bearer ${TEXT}`, 'content-type': 'application/x-www-form-urlencoded' },
    }[source as 'workos'];
    expect((await hooks.send(source, { headers, body })).status).toBe(200);
    await hooks.settle();
    expect(hooks.agents().active).toEqual(['grace@example.com']);
    expect(hooks.numbers.of('SourcePaused')).toEqual({ '': 1 });
    expect((await hooks.send(source, { headers, body })).status).toBe(503);
    await resumeSource(openStates(hooks.services), 'demo', source);
    hooks.clock.advance(11_000);
    expect((await hooks.send(source, { headers, body })).status).toBe(200);
  });
});

describe('what is refused', () => {
  it.each(['user-agent', 'x-company', 'webhook-id', 'X-Request-Id'])(
    "is kept without the secret that the source's own header %s carries",
    async (header) => {
      const hooks = open({ sources: { bare: { preset: 'json', verify: 'header', header } } });
      const { status } = await hooks.send('bare', {
        headers: { [header.toLowerCase()]: 'the-secret-of-before' },
        body: {},
      });
      expect(status).toBe(401);
      const { entries } = await hooks.directory.listHistory('demo', 'refused/bare', { limit: 10 });
      expect(entries).toHaveLength(1);
      expect(JSON.stringify([entries, hooks.logged])).not.toContain('the-secret-of-before');
    },
  );

  it('is kept with headers and a digest, without secrets or the body, and vanishes after seven days', async () => {
    const hooks = open();
    const { body, headers } = message('user.created');
    await hooks.send('generic', {
      body: body.replace('Grace', 'Eve'),
      headers: { ...headers, 'user-agent': 'seen', 'x-note': 'hidden', authorization: 'Bearer hidden' },
    });
    const list = () => hooks.directory.listHistory('demo', 'refused/generic', { limit: 10 });
    const [entry] = (await list()).entries;
    expect(entry).toMatchObject({
      code: 'bad-signature',
      method: 'POST',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(entry?.headers).toMatchObject({ 'user-agent': 'seen', 'webhook-id': headers['webhook-id'] });
    const text = JSON.stringify([entry, hooks.logged]);
    for (const secret of ['hidden', headers['webhook-signature'], 'Eve', WHSEC])
      expect(text).not.toContain(secret);
    hooks.clock.advance(7 * 86_400_000 + 1_000);
    expect((await list()).entries).toEqual([]);
  });

  it('in a flood is counted, and only some of it kept', async () => {
    const hooks = open();
    for (let count = 0; count < 50; count += 1) await hooks.send('generic', { body: `{"n":${count}}` });
    const { entries } = await hooks.directory.listHistory('demo', 'refused/generic', { limit: 100 });
    expect(entries).toHaveLength(20);
    expect(hooks.numbers.of('Rejected')).toEqual({ 'no-signature': 50 });
  });

  it('for an unknown source or tenant leaves nothing behind', async () => {
    const hooks = open();
    for (const path of [
      '/demo/hooks/nobody',
      '/nobody/hooks/okta',
      '/demo/hooks/constructor',
      '/__proto__/hooks/okta',
    ]) {
      expect((await hooks.send(path, message('user.created'))).status, path).toBe(401);
      expect((await hooks.send(path, { method: 'GET' })).status, path).toBe(405);
    }
    const { entries } = await hooks.directory.listHistory('demo', 'refused/nobody', { limit: 10 });
    expect(entries).toEqual([]);
    expect((await hooks.send('/demo/hooks/okta/a/b', message('user.created'))).status).toBe(404);
  });

  it('tells a stranger nothing of which sources and tenants there are, and where its reason is found', async () => {
    const hooks = open();
    const paths = ['generic', 'okta', 'nobody', '/nobody/hooks/okta', '/other/hooks/ping'];
    const answers = await Promise.all(
      paths.map(async (path) => {
        const { status, headers, body } = await hooks.send(path, { body: { a: 1 } });
        return { status, headers, body };
      }),
    );
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    const id = /\(([0-9a-f]{8})\)"}$/.exec(answers[0]?.body ?? '')?.[1];
    const { entries } = await hooks.directory.listHistory('demo', 'refused/generic', { limit: 1 });
    expect(entries[0]?.id).toMatch(new RegExp(`^${id}`));
  });
});

describe('a replay', () => {
  it('within the window changes nothing, even after the person was changed back', async () => {
    const hooks = open();
    const first = message('user.created', {}, SECONDS - 100);
    await hooks.send('generic', first);
    await tell(hooks, 'user.deactivated', {}, SECONDS - 90);
    await hooks.send('generic', first);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([]);
  });

  it('of BambooHR outside the window is let in while nobody knows what is stamped, and refused where that is asked for', async () => {
    const body = textOf(fixture('bamboohr').fields);
    const stamp = String(SECONDS - 3_600);
    const headers = { 'x-bamboohr-timestamp': stamp, 'x-bamboohr-signature': sign.hex(TEXT, body + stamp) };
    expect((await open().send('bamboo', { headers, body })).status).toBe(200);
    const strict = open({ sources: { bamboo: { preset: 'bamboohr', enforceTimestamp: true } } });
    expect((await strict.send('bamboo', { headers, body })).status).toBe(401);
  });
});
