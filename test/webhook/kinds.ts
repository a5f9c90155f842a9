import { createHash, generateKeyPairSync, type KeyObject, sign as signWithKey } from 'node:crypto';
import type { Sent } from './hooks.ts';
import { SECONDS, sign } from './hooks.ts';
import { JWKS, JWKS_URI, jwt, signingKey, textOf } from './providers.ts';

/** When and with what a request is proven; now and with the source's own secret, if nothing is said. */
export interface Proving {
  readonly seconds?: number;
  readonly secret?: string;
  /** More claims, where the proof is a token. */
  readonly claims?: object;
}

/** A request below `/hooks/people`. */
export interface Proven extends Sent {
  readonly path?: string;
}

/** Where the proof stands. */
export type Place =
  | { readonly in: 'header'; readonly names: readonly string[] }
  | { readonly in: 'query'; readonly name: string }
  | { readonly in: 'path' }
  /** A field of each item. */
  | { readonly in: 'item'; readonly name: string }
  /** The body is the proof. */
  | { readonly in: 'body' };

/** A way in which requests prove themselves, at a source that has it. */
export interface Kind {
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  /** What another tenant has under the same name, where nothing but a key tells them apart. */
  readonly others?: Readonly<Record<string, unknown>>;
  readonly secret: string;
  readonly place: Place;
  /** The body can't be another than the one that was proven. */
  readonly bindsBody: boolean;
  /** How old a request may be is told by a time stamp, or by claims of a token. */
  readonly time?: 'stamp' | 'claims';
  /** A body of the source about a person who came. */
  readonly event: (userName: string) => unknown;
  /** A body of many; undefined is one that can't be understood. Not there where the source sends one at a time. */
  readonly batch?: (userNames: readonly (string | undefined)[]) => unknown;
  /** A body of a type that nobody knows. */
  readonly unknown: unknown;
  readonly prove: (body: string, proving?: Proving) => Proven;
}

const TEXT = 'a-secret-of-some-length';
const WHSEC = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`;
export const OTHER_JWKS_URI = 'https://other.example.com/.well-known/jwks.json';

const pair = () => generateKeyPairSync('ed25519');
const [ours, theirs] = [pair(), pair()];
const whpk = ({ publicKey }: { publicKey: KeyObject }) =>
  `whpk_${publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')}`;
const stranger = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });

/** What the publishers of keys answer. */
export const KEY_SETS: Readonly<Record<string, object>> = {
  [JWKS_URI]: JWKS,
  [OTHER_JWKS_URI]: { keys: [{ ...stranger, kid: 'k1', alg: 'ES256', use: 'sig' }] },
};

/** The envelope that this product documents. */
const envelope = (userName: string | undefined, type = 'user.created') => ({
  type,
  id: `${type}/${userName}`,
  data:
    userName === undefined
      ? null
      : {
          userName,
          externalId: userName,
          name: { givenName: 'Ada', familyName: 'Bad-Input' },
          emails: [{ value: userName }],
        },
});
const listed = {
  event: (userName: string) => ({ events: [envelope(userName)] }),
  batch: (userNames: readonly (string | undefined)[]) => ({
    events: userNames.map((userName) => envelope(userName)),
  }),
  unknown: { events: [envelope('ada@example.com', 'invoice.paid')] },
};
const read = { items: 'events' };
const idOf = (body: string) => createHash('sha256').update(body).digest('hex').slice(0, 20);

const inHeader =
  (headers: (body: string, secret: string, proving: Proving) => Record<string, string>, secret: string) =>
  (body: string, proving: Proving = {}): Proven => ({
    headers: headers(body, proving.secret ?? secret, proving),
    body,
  });

const ed25519 = (body: string, { seconds = SECONDS }: Proving = {}): Record<string, string> => {
  const content = Buffer.from(`${idOf(body)}.${seconds}.${body}`);
  return {
    'webhook-id': idOf(body),
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1a,${signWithKey(null, content, ours.privateKey).toString('base64')}`,
  };
};
const standard = inHeader(
  (body, secret, { seconds = SECONDS }) => sign.standard(secret, idOf(body), seconds, body),
  WHSEC,
);
const STANDARD_HEADERS = ['webhook-signature', 'webhook-id', 'webhook-timestamp'];
const token = (claims: object) => jwt(claims, signingKey, { alg: 'ES256', kid: 'k1' });

export const KINDS: readonly Kind[] = [
  {
    name: 'an HMAC behind a prefix',
    settings: {
      preset: 'hmac',
      hmac: { signature: { header: 'X-Signature', format: 'prefix', prefix: 'sha256=' } },
      read,
    },
    secret: TEXT,
    place: { in: 'header', names: ['x-signature'] },
    bindsBody: true,
    ...listed,
    prove: inHeader((body, secret) => ({ 'x-signature': `sha256=${sign.hex(secret, body)}` }), TEXT),
  },
  {
    name: 'an HMAC with a time stamp beside it',
    settings: {
      preset: 'hmac',
      hmac: {
        signature: { header: 'X-Signature', encoding: 'base64' },
        content: '{timestamp}.{body}',
        timestamp: { header: 'X-Timestamp' },
      },
      read,
    },
    secret: TEXT,
    place: { in: 'header', names: ['x-signature', 'x-timestamp'] },
    bindsBody: true,
    time: 'stamp',
    ...listed,
    prove: inHeader(
      (body, secret, { seconds = SECONDS }) => ({
        'x-timestamp': String(seconds),
        'x-signature': sign.base64(secret, `${seconds}.${body}`),
      }),
      TEXT,
    ),
  },
  {
    name: 'an HMAC of keys and values',
    settings: {
      preset: 'hmac',
      hmac: {
        signature: { header: 'X-Signature', format: 'kv', signatureKeys: ['v1'] },
        content: '{timestamp}.{body}',
        timestamp: { kvKey: 't' },
      },
      read,
    },
    secret: TEXT,
    place: { in: 'header', names: ['x-signature'] },
    bindsBody: true,
    time: 'stamp',
    ...listed,
    prove: inHeader(
      (body, secret, { seconds = SECONDS }) => ({
        'x-signature': `t=${seconds},v1=${sign.hex(secret, `${seconds}.${body}`)}`,
      }),
      TEXT,
    ),
  },
  {
    name: 'an HMAC of Standard Webhooks',
    settings: { preset: 'standard-webhooks', read },
    secret: WHSEC,
    place: { in: 'header', names: STANDARD_HEADERS },
    bindsBody: true,
    time: 'stamp',
    ...listed,
    prove: standard,
  },
  {
    name: 'ed25519',
    settings: { preset: 'standard-webhooks', verify: 'ed25519', publicKeys: [whpk(ours)], read },
    others: { preset: 'standard-webhooks', verify: 'ed25519', publicKeys: [whpk(theirs)], read },
    secret: WHSEC,
    place: { in: 'header', names: STANDARD_HEADERS },
    bindsBody: true,
    time: 'stamp',
    ...listed,
    prove: (body, proving) => ({ headers: ed25519(body, proving), body }),
  },
  {
    name: 'any of two ways',
    settings: { preset: 'standard-webhooks', publicKeys: [whpk(ours)], read },
    secret: WHSEC,
    place: { in: 'header', names: STANDARD_HEADERS },
    bindsBody: true,
    time: 'stamp',
    ...listed,
    prove: standard,
  },
  {
    name: 'a fixed header',
    settings: { preset: 'json', verify: 'header', header: 'X-Token', read },
    secret: TEXT,
    place: { in: 'header', names: ['x-token'] },
    bindsBody: false,
    ...listed,
    prove: inHeader((_, secret) => ({ 'x-token': secret }), TEXT),
  },
  {
    name: 'a bearer token',
    settings: { preset: 'json', verify: 'bearer', read },
    secret: TEXT,
    place: { in: 'header', names: ['authorization'] },
    bindsBody: false,
    ...listed,
    prove: inHeader((_, secret) => ({ authorization: `Bearer ${secret}` }), TEXT),
  },
  {
    name: 'basic authentication',
    settings: { preset: 'json', read },
    secret: 'workday:password',
    place: { in: 'header', names: ['authorization'] },
    bindsBody: false,
    ...listed,
    prove: inHeader(
      (_, secret) => ({ authorization: `Basic ${Buffer.from(secret).toString('base64')}` }),
      'workday:password',
    ),
  },
  {
    name: "a token with the body's digest",
    settings: { preset: 'fusionauth', jwksUri: JWKS_URI },
    others: { preset: 'fusionauth', jwksUri: OTHER_JWKS_URI },
    secret: TEXT,
    place: { in: 'header', names: ['x-fusionauth-signature-jwt'] },
    bindsBody: true,
    time: 'claims',
    event: (email) => ({
      event: { type: 'user.create.complete', id: email, user: { id: email, email, active: true } },
    }),
    unknown: { event: { type: 'invoice.paid', id: '1' } },
    prove: (body, { claims } = {}) => ({
      headers: {
        'x-fusionauth-signature-jwt': token({
          request_body_sha256: sign.sha256(body).digest('base64'),
          ...claims,
        }),
      },
      body,
    }),
  },
  {
    name: 'a token that says nothing of the body',
    settings: { preset: 'frontegg' },
    secret: TEXT,
    place: { in: 'header', names: ['x-webhook-secret'] },
    bindsBody: false,
    time: 'claims',
    event: (email) => ({
      eventKey: 'frontegg.user.created',
      user: { id: email, email, name: 'Ada Bad-Input' },
    }),
    unknown: { eventKey: 'frontegg.invoice.paid' },
    prove: (body, { claims = {}, secret = TEXT } = {}) => ({
      headers: { 'x-webhook-secret': jwt({ sub: 'frontegg', ...claims }, secret, { alg: 'HS256' }) },
      body,
    }),
  },
  {
    name: 'a token that is the body',
    settings: { preset: 'zitadel', verify: 'jwt', jwksUri: JWKS_URI },
    others: { preset: 'zitadel', verify: 'jwt', jwksUri: OTHER_JWKS_URI },
    secret: TEXT,
    place: { in: 'body' },
    bindsBody: true,
    time: 'claims',
    event: (userName) => ({
      aggregateID: userName,
      aggregateType: 'user',
      event_type: 'user.human.added',
      sequence: 1,
      event_payload: { userName, email: userName, firstName: 'Ada', lastName: 'Bad-Input' },
    }),
    unknown: { aggregateID: '1', aggregateType: 'invoice', event_type: 'invoice.paid', sequence: 1 },
    prove: (body, { claims } = {}) => ({ body: token({ ...claimsOf(body), ...claims }) }),
  },
  {
    name: 'a secret in each item',
    settings: { preset: 'entra-graph', fetch: { tenantId: 't' } },
    secret: TEXT,
    place: { in: 'item', name: 'clientState' },
    bindsBody: false,
    event: (id) => ({ value: [item(id)] }),
    batch: (ids) => ({
      value: ids.map((id) => (id === undefined ? { ...item('x'), clientState: 'wrong' } : item(id))),
    }),
    unknown: { value: [{ ...item('1'), resource: 'invoices/1' }] },
    prove: (body, { secret = TEXT } = {}) => ({ body: body.replaceAll(TEXT, secret) }),
  },
  {
    name: 'a secret at the end of the address',
    settings: { preset: 'personio', fetch: {} },
    secret: TEXT,
    place: { in: 'path' },
    bindsBody: false,
    event: (id) => ({ event_name: 'person.created', payload: { person_id: id } }),
    unknown: { event_name: 'invoice.paid', payload: {} },
    prove: (body, { secret = TEXT } = {}) => ({ body, path: `/${secret}` }),
  },
  {
    name: 'a secret in the query',
    settings: { preset: 'cloudevents' },
    secret: TEXT,
    place: { in: 'query', name: 'access_token' },
    bindsBody: false,
    event: (userName) => [cloudEvent(userName)],
    batch: (userNames) => userNames.map((userName) => cloudEvent(userName)),
    unknown: [cloudEvent('ada@example.com', 'invoice.paid')],
    prove: (body, { secret = TEXT } = {}) => ({ body, query: { access_token: secret } }),
  },
];

function item(id: string) {
  return {
    subscriptionId: 's',
    changeType: 'created',
    resource: `Users/${id}`,
    resourceData: { id },
    clientState: TEXT,
  };
}

function cloudEvent(userName: string | undefined, type?: string) {
  const { id, ...event } = envelope(userName, type);
  return { specversion: '1.0', source: 'https://example.com', id, ...event };
}

/** A token's claims are an object, whatever the body was to be. */
function claimsOf(body: string): object {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : { value };
  } catch {
    return { value: body };
  }
}

/** A request about a person who came, proven. */
export const proven = (kind: Kind, userName: string, proving?: Proving): Proven =>
  kind.prove(textOf(kind.event(userName)), proving);
