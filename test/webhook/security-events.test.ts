import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { providers } from '../../functions/providers/registry.ts';
import { accept } from '../../functions/provision/accept.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { securityEventHandler } from '../../functions/webhook/security-events/handler.ts';
import { demoTenant } from '../mapping/demo.ts';
import { contextWith, scimEvent } from '../scim/event.ts';
import { type Hooks, openHooks, SECONDS } from './hooks.ts';
import { JWKS, JWKS_URI, jwt, signingKey } from './providers.ts';

const ISSUER = 'https://scim.example.com';
const AUDIENCE = 'https://scim.example.com/Feeds/98d52461fa5bbc879593b7754';
const HEADER = { alg: 'ES256', kid: 'k1', typ: 'secevent+jwt' };
const PROV = 'urn:ietf:params:scim:event:prov:';
const FEED = 'urn:ietf:params:scim:event:feed:';
const RISC = 'https://schemas.openid.net/secevent/risc/event-type/';
const SSF = 'https://schemas.openid.net/secevent/ssf/event-type/';

/** Figure 4 of RFC 9967. */
const JOHN = {
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  emails: [{ type: 'work', value: 'jdoe@example.com' }],
  userName: 'jdoe',
  name: { givenName: 'John', familyName: 'Doe' },
};
const SUBJECT = { format: 'scim', uri: '/Users/44f6142df96bd6ab61e7521d9', externalId: 'jdoe' };

let tokens = 0;
function claims(events: object, changes: object = {}): Record<string, unknown> {
  tokens += 1;
  return {
    jti: `jti-${tokens}`,
    iat: SECONDS - 100 + tokens,
    iss: ISSUER,
    aud: [AUDIENCE, 'https://scim.example.com/Feeds/5d7604516b1d08641d7676ee7'],
    sub_id: SUBJECT,
    events,
    ...changes,
  };
}

interface Stream extends Hooks {
  push(token: string, headers?: Record<string, string>): Promise<{ status: number; body: string }>;
  say(events: object, changes?: object): Promise<number>;
}

function open(settings: object = {}, secrets: Record<string, string[]> = {}, person: object = JOHN): Stream {
  const source = {
    preset: 'security-events',
    issuer: ISSUER,
    audience: AUDIENCE,
    jwksUri: JWKS_URI,
    ...settings,
  };
  const answer = (value: unknown) => ({ status: 200, headers: {}, body: JSON.stringify(value) });
  const hooks = openHooks({
    sources: { feed: source },
    secrets,
    provider: ({ url }) => (url === JWKS_URI ? answer(JWKS) : answer(person)),
  });
  const demo = { ...demoTenant(), sources: { feed: sourceSchema.parse(source) } };
  const handler = securityEventHandler({ tenants: { demo } }, hooks.services, providers);
  const push: Stream['push'] = async (token, headers = {}) => {
    const event = scimEvent('POST', '/demo/events', {
      body: token,
      base64: true,
      headers: { 'content-type': 'application/secevent+jwt', ...headers },
    });
    const { statusCode = 0, body = '' } = await handler(event, contextWith());
    return { status: statusCode, body };
  };
  return {
    ...hooks,
    push,
    say: async (events, changes) => {
      const { status } = await push(jwt(claims(events, changes), signingKey, HEADER));
      await hooks.settle();
      return status;
    },
  };
}

describe('SCIM events (RFC 9967)', () => {
  it('make an agent of a resource that was created, with all of it in the event', async () => {
    const stream = open();
    expect(await stream.say({ [`${PROV}create:full`]: { data: JOHN } })).toBe(202);
    expect(stream.agents().active).toEqual(['jdoe@example.com']);
    expect((await stream.person('jdoe'))?.links?.feed?.id).toBe('44f6142df96bd6ab61e7521d9');
  });

  it('are taken under the names that drafts had', async () => {
    const stream = open();
    const draft = PROV.replace('scim', 'SCIM');
    expect(await stream.say({ [`${draft}create:full`]: { data: JOHN } })).toBe(202);
    expect(stream.agents().active).toEqual(['jdoe@example.com']);
  });

  it('change it by a replacement and by operations', async () => {
    const stream = open();
    await stream.say({ [`${PROV}create:full`]: { data: JOHN } });
    await stream.say({
      [`${PROV}put:full`]: { data: { ...JOHN, name: { givenName: 'John', familyName: 'Deer' } } },
    });
    expect((await stream.person('jdoe'))?.person.name?.familyName).toBe('Deer');
    const Operations = [{ op: 'replace', path: 'name.familyName', value: 'Dear' }];
    await stream.say({ [`${PROV}patch:full`]: { version: 'a330bc', data: { Operations } } });
    expect((await stream.person('jdoe'))?.person.name?.familyName).toBe('Dear');
    expect(stream.simulator.agents()).toHaveLength(1);
  });

  it.each([
    ['deactivated', { [`${PROV}deactivate`]: {} }],
    ['deleted', { [`${PROV}delete`]: {} }],
    ['out of the feed', { [`${FEED}remove`]: {} }],
    ['disabled by a shared signal', { [`${RISC}account-disabled`]: { reason: 'hijacking' } }],
    ['purged', { [`${RISC}account-purged`]: {} }],
    [
      'patched out of service',
      { [`${PROV}patch:full`]: { data: { Operations: [{ op: 'replace', path: 'active', value: false }] } } },
    ],
  ])('put somebody out of service who is %s', async (_, events) => {
    const stream = open();
    await stream.say({ [`${PROV}create:full`]: { data: JOHN } });
    await stream.services.clock.sleep(11 * 60_000);
    expect(await stream.say(events)).toBe(202);
    expect(stream.agents()).toEqual({ active: [], suspended: ['jdoe@example.com'] });
  });

  it('bring somebody back who is activated or enabled', async () => {
    for (const events of [{ [`${PROV}activate`]: {} }, { [`${RISC}account-enabled`]: {} }]) {
      const stream = open();
      await stream.say({ [`${PROV}create:full`]: { data: JOHN } });
      await stream.say({ [`${PROV}deactivate`]: {} });
      expect(stream.agents().active).toEqual([]);
      await stream.say(events);
      expect(stream.agents().active).toEqual(['jdoe@example.com']);
    }
  });

  it('that only give notice are followed by a reading, where one is configured', async () => {
    const stream = open({ fetch: { baseUrl: 'https://scim.example.com/v2/' } }, { 'feed.fetch': ['token'] });
    expect(await stream.say({ [`${PROV}create:notice`]: { attributes: ['id', 'name', 'userName'] } })).toBe(
      202,
    );
    expect(stream.calls.map(({ url }) => url)).toContain(
      'https://scim.example.com/v2/Users/44f6142df96bd6ab61e7521d9',
    );
    expect(stream.agents().active).toEqual(['jdoe@example.com']);
  });

  it('that only give notice are kept among the refusals where nothing can be read', async () => {
    const stream = open();
    expect(await stream.say({ [`${PROV}create:notice`]: { attributes: ['id'] } })).toBe(202);
    expect(await stream.stored()).toEqual([]);
    const { entries } = await stream.directory.listHistory('demo', 'refused/feed', { limit: 10 });
    expect(entries.map(({ message }) => message)).toEqual([expect.stringContaining('fetch')]);
  });

  it('put people into groups', async () => {
    const stream = open();
    await stream.say({ [`${PROV}create:full`]: { data: JOHN } });
    const group = { format: 'scim', uri: '/Groups/176f397ec4c44b94b2cfcb759780b8c2', externalId: 'billing' };
    const data = { displayName: 'Contact Centre Billing', members: [{ value: '44f6142df96bd6ab61e7521d9' }] };
    expect(await stream.say({ [`${PROV}put:full`]: { data } }, { sub_id: group })).toBe(202);
    const [record] = await stream.stored();
    expect(await stream.directory.groupsOf('demo', record?.id ?? '')).toMatchObject([
      { display: 'Contact Centre Billing' },
    ]);
    const Operations = [{ op: 'remove', path: 'members[value eq "44f6142df96bd6ab61e7521d9"]' }];
    await stream.say({ [`${PROV}patch:full`]: { data: { Operations } } }, { sub_id: group });
    expect(await stream.directory.groupsOf('demo', record?.id ?? '')).toEqual([]);
  });

  it('give a group another name, and delete it', async () => {
    const stream = open();
    await stream.say({ [`${PROV}create:full`]: { data: JOHN } });
    const group = { format: 'scim', uri: '/Groups/billing-1' };
    const members = [{ value: '44f6142df96bd6ab61e7521d9' }];
    const names = async () => {
      const [record] = await stream.stored();
      const groups = await stream.directory.groupsOf('demo', record?.id ?? '');
      return groups.map(({ display }) => display);
    };
    const of = { sub_id: group };
    await stream.say({ [`${PROV}put:full`]: { data: { displayName: 'Billing', members } } }, of);
    expect(await names()).toEqual(['Billing']);
    await stream.say({ [`${PROV}put:full`]: { data: { displayName: 'Invoices', members } } }, of);
    expect(await names()).toEqual(['Invoices']);
    const Operations = [{ op: 'replace', path: 'displayName', value: 'Accounts' }];
    await stream.say({ [`${PROV}patch:full`]: { data: { Operations } } }, of);
    expect(await names()).toEqual(['Accounts']);
    expect(await stream.say({ [`${PROV}delete`]: {} }, of)).toBe(202);
    expect(await names()).toEqual([]);
    expect((await stream.directory.listGroups('demo', { limit: 9 })).groups).toEqual([]);
  });

  it('of a whole group take out whoever is not listed, and older ones bring nobody back', async () => {
    const stream = open();
    const group = { format: 'scim', uri: '/Groups/billing-1' };
    const user = (name: string) => ({ format: 'scim', uri: `/Users/${name}` });
    const whole = (names: string[], iat: number) => {
      const members = names.length === 0 ? {} : { members: names.map((value) => ({ value })) };
      const data = { displayName: 'Billing', ...members };
      return stream.say({ [`${PROV}put:full`]: { data } }, { sub_id: group, iat });
    };
    const make = (name: string, iat: number) =>
      stream.say(
        {
          [`${PROV}create:full`]: {
            data: { ...JOHN, userName: name, emails: [{ value: `${name}@example.com` }] },
          },
        },
        { sub_id: user(name), iat },
      );
    const inGroup = async (name: string) => {
      const record = await stream.person(name);
      return (await stream.directory.groupsOf('demo', record?.id ?? '')).length > 0;
    };
    for (const name of ['ada', 'eve']) await make(name, SECONDS - 90);
    await whole(['ada', 'eve', 'joe'], SECONDS - 80);
    expect([await inGroup('ada'), await inGroup('eve')]).toEqual([true, true]);
    expect(await whole(['eve'], SECONDS - 60)).toBe(202);
    expect([await inGroup('ada'), await inGroup('eve')]).toEqual([false, true]);
    // An older list, and what it said of a person who was not known then.
    await whole(['ada', 'joe'], SECONDS - 70);
    await make('joe', SECONDS - 50);
    expect([await inGroup('ada'), await inGroup('eve'), await inGroup('joe')]).toEqual([false, true, false]);
    await whole([], SECONDS - 40);
    expect(await inGroup('eve')).toBe(false);
  });

  it('of a whole group leave those in whom another source has put there', async () => {
    const stream = open();
    await stream.say({ [`${PROV}create:full`]: { data: JOHN } });
    const group = { format: 'scim', uri: '/Groups/billing-1' };
    const members = [{ value: '44f6142df96bd6ab61e7521d9' }];
    const whole = { [`${PROV}put:full`]: { data: { displayName: 'Billing', members } } };
    await stream.say(whole, { sub_id: group });
    const eve = { userName: 'eve', emails: [{ value: 'eve@example.com' }] };
    const made = await accept('demo', stream.services, { person: eve, source: 'scim', priority: 0 });
    const id = made.outcome === 'stored' ? made.record.id : '';
    const [billing] = await stream.directory.findGroup('demo', {
      attribute: 'externalId',
      value: 'billing-1',
    });
    await stream.directory.addMembers('demo', billing?.id ?? '', [{ value: id }]);
    await stream.say(whole, { sub_id: group });
    expect(await stream.directory.groupsOf('demo', id)).toHaveLength(1);
  });

  it('in disorder end where the newest leads', async () => {
    const stream = open();
    await stream.say({ [`${PROV}deactivate`]: {} }, { iat: SECONDS - 10 });
    await stream.say({ [`${PROV}create:full`]: { data: JOHN } }, { iat: SECONDS - 20 });
    expect(stream.agents().active).toEqual([]);
    await stream.say({ [`${PROV}create:full`]: { data: JOHN } }, { iat: SECONDS - 5 });
    expect(stream.agents().active).toEqual(['jdoe@example.com']);
  });

  it('of other kinds are taken and change nothing', async () => {
    const stream = open();
    expect(await stream.say({ 'urn:ietf:params:scim:event:misc:asyncresp': { status: '200' } })).toBe(202);
    expect(await stream.say({ 'https://example.com/unknown': {} })).toBe(202);
    expect(await stream.stored()).toEqual([]);
  });
});

describe('a stream', () => {
  it('that is verified or paused says so in the state of the source, the latter loudly', async () => {
    const stream = open();
    const sub_id = { format: 'opaque', id: 'stream-1' };
    expect(await stream.say({ [`${SSF}verification`]: { state: 'abc' } }, { sub_id })).toBe(202);
    expect((await stream.directory.readDocument('demo', 'source:feed'))?.body.notice).toMatchObject({
      detail: 'abc',
    });
    await stream.say({ [`${SSF}stream-updated`]: { status: 'paused', reason: 'Licence' } }, { sub_id });
    expect((await stream.directory.readDocument('demo', 'source:feed'))?.body.notice).toMatchObject({
      detail: 'paused: Licence',
    });
    expect(stream.numbers.of('SourceFailed')).toEqual({ notice: 1 });
  });

  it('with a secret asks for it beside the signature', async () => {
    const stream = open({}, { feed: ['stream-token'] });
    const token = jwt(claims({ [`${PROV}create:full`]: { data: JOHN } }), signingKey, HEADER);
    const { status, body } = await stream.push(token);
    expect([status, JSON.parse(body).err]).toEqual([400, 'authentication_failed']);
    expect((await stream.push(token, { authorization: 'Bearer stream-token' })).status).toBe(202);
    const [[name = '', value = ''] = []] = stream.secrets;
    stream.secrets.set(name, value.replaceAll('stream-token', 'newer-token'));
    stream.clock.advance(60_000);
    expect((await stream.push(token, { authorization: 'Bearer newer-token' })).status).toBe(202);
  });
});

describe('a token', () => {
  const good = () => claims({ [`${PROV}create:full`]: { data: JOHN } });
  const another = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
  it.each<[string, () => string, string]>([
    [
      'of another issuer',
      () => jwt({ ...good(), iss: 'https://evil.example' }, signingKey, HEADER),
      'invalid_issuer',
    ],
    [
      'for another audience',
      () => jwt({ ...good(), aud: 'https://other.example' }, signingKey, HEADER),
      'invalid_audience',
    ],
    [
      'signed by a key that is not published',
      () => jwt(good(), another, { ...HEADER, kid: 'k2' }),
      'invalid_key',
    ],
    [
      "signed by another key under the publisher's name",
      () => jwt(good(), another, HEADER),
      'authentication_failed',
    ],
    ['of another type', () => jwt(good(), signingKey, { ...HEADER, typ: 'at+jwt' }), 'authentication_failed'],
    [
      'without a signature',
      () =>
        `${jwt(good(), signingKey, { ...HEADER, alg: 'none' })
          .split('.')
          .slice(0, 2)
          .join('.')}.`,
      'invalid_request',
    ],
    [
      "signed with the publisher's public key as a secret",
      () => jwt(good(), JSON.stringify(JWKS.keys[0]), { ...HEADER, alg: 'HS256' }),
      'authentication_failed',
    ],
    ['without an id', () => jwt({ ...good(), jti: undefined }, signingKey, HEADER), 'invalid_request'],
    ['without events', () => jwt({ ...good(), events: {} }, signingKey, HEADER), 'invalid_request'],
    ['that is none', () => 'not a token', 'invalid_request'],
    [
      'that is changed by a letter',
      () => jwt(good(), signingKey, HEADER).replace(/\.(.)/, (_, letter) => `.${letter === 'e' ? 'f' : 'e'}`),
      'invalid_request',
    ],
  ])('%s is refused in the words of RFC 8935, and nothing comes of it', async (_, token, err) => {
    const stream = open();
    const { status, body } = await stream.push(token());
    expect([status, JSON.parse(body)]).toEqual([400, { err, description: expect.stringMatching(/./) }]);
    expect(await stream.stored()).toEqual([]);
  });

  it('that comes again changes nothing', async () => {
    const stream = open();
    const token = jwt(good(), signingKey, HEADER);
    expect((await stream.push(token)).status).toBe(202);
    const [before] = await stream.stored();
    expect((await stream.push(token)).status).toBe(202);
    expect(await stream.stored()).toEqual([before]);
  });

  it('is not lost when we fail: the answer is no 4xx', async () => {
    const stream = open();
    stream.services.directory.createPerson = async () => {
      throw new Error('the table is away');
    };
    expect((await stream.push(jwt(good(), signingKey, HEADER))).status).toBe(503);
  });
});

describe('Google, which names RISC subjects as they were named before RFC 9493', () => {
  const email = 'jdoe@example.com';
  it.each([
    ['its own id', { subject_type: 'iss-sub', iss: ISSUER, sub: '44f6142df96bd6ab61e7521d9' }],
    ['an e-mail address', { subject_type: 'email', email }],
    [
      'claims of an ID token',
      { subject_type: 'id_token_claims', iss: ISSUER, sub: '44f6142df96bd6ab61e7521d9', email },
    ],
  ])('puts out of service by %s, in a token without typ', async (_, subject) => {
    const hooks = open();
    await hooks.say({ [`${PROV}create:full`]: { data: JOHN } });
    await hooks.settle();
    expect(hooks.agents().active).toEqual([email]);
    const { typ: _typ, ...header } = HEADER;
    const disabled = { [`${RISC}account-disabled`]: { subject, reason: 'hijacking' } };
    const { sub_id: _subject, ...given } = claims(disabled);
    expect((await hooks.push(jwt({ ...given, iat: SECONDS }, signingKey, header))).status).toBe(202);
    await hooks.settle();
    expect(hooks.agents()).toEqual({ active: [], suspended: [email] });
  });
});
