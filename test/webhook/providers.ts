import { createHash, generateKeyPairSync, type KeyObject, sign as signWithKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PROVIDERS, type Provider } from '../../functions/providers/registry.ts';
import { compact } from '../../functions/runtime/compact.ts';
import { SECONDS, type Sent, sign } from './hooks.ts';

/** What a provider sends about a person who comes, changes and leaves, and how it proves itself. */
export interface ProviderCase {
  readonly preset: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly secret: string;
  /** For reading persons, where events are thin. */
  readonly fetchSecrets?: readonly string[];
  /** Signs a body as the provider does in that second of the epoch: in that of tests, if nothing is said. */
  readonly signed: (body: string, secret: string, seconds?: number) => Sent;
  /** What the provider says in headers. */
  readonly headers?: Readonly<Record<Step, Readonly<Record<string, string>>>>;
  /** The path behind `/hooks/people` for create, update and leave. */
  readonly paths?: Readonly<Record<string, string>>;
  /** What the provider's API answers, when it is asked for the person as it is in that step. */
  readonly fetched?: (step: Step, person: Readonly<Record<string, unknown>>) => unknown;
  /** The agent's e-mail address and last names before and after the update. */
  readonly email: string;
  readonly names: readonly [string, string];
  /** Leavers wait for a hand: the body isn't signed and nothing can be read. */
  readonly waits?: true;
  readonly contentType?: string;
  /** The name of its fixture, where that isn't the preset's. */
  readonly fixture?: string;
}

export const STEPS = ['create', 'update', 'leave'] as const;
export type Step = (typeof STEPS)[number];

/** A provider's fixture: real shapes, one file each. */
export function fixture(preset: string): Readonly<Record<string, unknown>> {
  const file = join(import.meta.dirname, '../../functions/providers/samples', `${preset}.json`);
  return JSON.parse(readFileSync(file, 'utf8'));
}

export const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));

const TEXT = 'a-secret-of-some-length';
const BASE64 = Buffer.from('0123456789abcdef01234567').toString('base64');

const headers =
  (of: (body: string, secret: string, seconds: number) => Record<string, string>) =>
  (body: string, secret: string, seconds = SECONDS): Sent => ({ headers: of(body, secret, seconds), body });

const svix = headers((body, secret, seconds) => {
  const standard = sign.standard(
    secret,
    `msg_${createHash('sha256').update(body).digest('hex').slice(0, 12)}`,
    seconds,
    body,
  );
  return {
    'svix-id': standard['webhook-id'],
    'svix-timestamp': standard['webhook-timestamp'],
    'svix-signature': standard['webhook-signature'],
  };
});

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** A JSON Web Token made by hand, apart from the library under test. */
export function jwt(claims: object, key: KeyObject | string, header: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${part(header)}.${part(claims)}`;
  const signature =
    typeof key === 'string'
      ? sign.base64url(key, content)
      : signWithKey('sha256', Buffer.from(content), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return `${content}.${signature}`;
}

export const JWKS_URI = 'https://auth.example.com/.well-known/jwks.json';
export const JWKS = {
  keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'ES256', use: 'sig' }],
};
export const signingKey = privateKey;

const bearer = headers((_, secret) => ({ authorization: `Bearer ${secret}` }));
const raw = (name: string) => headers((_, secret) => ({ [name]: secret }));
const basic = headers((_, secret) => ({ authorization: `Basic ${Buffer.from(secret).toString('base64')}` }));

const byStep = (change: Readonly<Record<string, object>>) => (step: Step, person: object) => ({
  ...person,
  ...change[step],
});

/** A service account of Google with a key of its own, as its key file has it. */
export const SERVICE_ACCOUNT = {
  client_email: 'provisioner@project.iam.gserviceaccount.com',
  private_key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
    type: 'pkcs8',
    format: 'pem',
  }),
  token_uri: 'https://oauth2.googleapis.com/token',
};

/** Every preset that sends webhooks, as the product has them. */
export const WEBHOOK_PRESETS: readonly string[] = Object.entries<Provider>(PROVIDERS).flatMap(
  ([preset, { webhook }]) => (webhook === undefined ? [] : [preset]),
);

/** The example of the documentation is what is tested. */
const [, example = ''] =
  /```yaml\n(people:[\s\S]*?)```/.exec(readFileSync('docs/sources/generic.md', 'utf8')) ?? [];
export const customSettings = parse(example).people as Readonly<Record<string, unknown>>;

const CASES: readonly ProviderCase[] = [
  {
    preset: 'okta-event-hook',
    settings: { fetch: { domain: 'acme.okta.com' } },
    secret: TEXT,
    fetchSecrets: ['okta-api-token'],
    signed: raw('authorization'),
    fetched: (step) => ({
      id: '00u3m90rxKjGQ0G6L1d6',
      status: step === 'leave' ? 'DEPROVISIONED' : 'ACTIVE',
      profile: {
        login: 'john.doe@example.com',
        email: 'john.doe@example.com',
        firstName: 'John',
        lastName: step === 'create' ? 'Doe' : 'Deer',
      },
    }),
    email: 'john.doe@example.com',
    names: ['Doe', 'Deer'],
  },
  {
    preset: 'auth0',
    secret: TEXT,
    signed: bearer,
    email: 'nick@example.com',
    names: ['Miller', 'Müller'],
    waits: true,
  },
  {
    preset: 'entra-graph',
    settings: { fetch: { tenantId: '84bd8158' } },
    secret: 'secretClientValue',
    fetchSecrets: ['client', 'client-secret'],
    signed: (body, secret) => ({ body: body.replaceAll('secretClientValue', secret) }),
    fetched: byStep({ update: { surname: 'Vence' }, leave: { accountEnabled: false } }),
    email: 'adele.vance@contoso.example',
    names: ['Vance', 'Vence'],
  },
  {
    preset: 'google-workspace',
    settings: { fetch: { administrator: 'admin@example.com' } },
    secret: TEXT,
    fetchSecrets: [JSON.stringify(SERVICE_ACCOUNT)],
    signed: raw('x-goog-channel-token'),
    fetched: byStep({
      update: { name: { givenName: 'Elizabeth', familyName: 'Smyth' } },
      leave: { suspended: true },
    }),
    email: 'liz@example.com',
    names: ['Smith', 'Smyth'],
  },
  {
    preset: 'keycloak',
    secret: TEXT,
    signed: headers((body, secret) => ({ 'x-keycloak-signature': sign.hex(secret, body) })),
    email: 'jo@example.com',
    names: ['Keycloak', 'Cloak'],
  },
  {
    preset: 'clerk',
    secret: `whsec_${BASE64}`,
    signed: svix,
    email: 'example@example.org',
    names: ['Clerk', 'Clark'],
  },
  {
    preset: 'stytch',
    secret: `whsec_${BASE64}`,
    signed: svix,
    email: 'ada@stytch.example',
    names: ['Lovelace', 'King'],
  },
  {
    preset: 'workos',
    secret: TEXT,
    signed: headers((body, secret, seconds) => ({
      'workos-signature': `t=${seconds}000, v1=${sign.hex(secret, `${seconds}000.${body}`)}`,
    })),
    email: 'blair@workos.example',
    names: ['Lunchford', 'Lunchfield'],
  },
  {
    preset: 'fusionauth',
    settings: { jwksUri: JWKS_URI },
    secret: TEXT,
    signed: headers((body) => ({
      'x-fusionauth-signature-jwt': jwt(
        { request_body_sha256: sign.sha256(body).digest('base64') },
        privateKey,
        { alg: 'ES256', kid: 'k1' },
      ),
    })),
    email: 'erlich@example.com',
    names: ['Bachman', 'Backman'],
  },
  {
    preset: 'frontegg',
    secret: TEXT,
    signed: raw('x-webhook-secret'),
    email: 'cheli@example.com',
    names: ['Frontegg', 'Backegg'],
    waits: true,
  },
  {
    preset: 'zitadel',
    secret: TEXT,
    signed: headers((body, secret, seconds) => ({
      'zitadel-signature': `t=${seconds},v1=${sign.hex('old', body)},v1=${sign.hex(secret, `${seconds}.${body}`)}`,
    })),
    email: 'mini@mouse.com',
    names: ['Mouse', 'Maus'],
  },
  {
    preset: 'ory-polis',
    secret: TEXT,
    signed: headers((body, secret, seconds) => ({
      'ory-signature': `t=${seconds}000,s=${sign.hex(secret, `${seconds}000.${body}`)}`,
    })),
    email: 'deepak@ory.com',
    names: ['Prabhakara', 'Prabhakaran'],
  },
  {
    preset: 'logto',
    secret: TEXT,
    signed: headers((body, secret) => ({ 'logto-signature-sha-256': sign.hex(secret, body) })),
    email: 'foo@bar.com',
    names: ['Bar', 'Baz'],
  },
  {
    preset: 'pingone',
    secret: TEXT,
    signed: raw('authorization'),
    email: 'jo@ping.example',
    names: ['jo@ping.example', 'jo@ping.example'],
    waits: true,
  },
  {
    preset: 'onelogin',
    settings: {
      fetch: { url: 'https://acme.onelogin.com/api/2/users/{id}' },
      map: {
        userName: 'username | email',
        'emails[type eq "work"].value': 'email',
        'name.givenName': 'firstname',
        'name.familyName': 'lastname',
        active: 'status eq 1',
      },
    },
    secret: TEXT,
    fetchSecrets: ['onelogin-token'],
    signed: raw('authorization'),
    fetched: byStep({ update: { lastname: 'Richardson' }, leave: { status: 2 } }),
    email: 'john.richards@onelogin.example',
    names: ['Richards', 'Richardson'],
  },
  {
    preset: 'descope',
    secret: TEXT,
    signed: headers((body, secret) => ({ 'x-descope-webhook-s256': sign.base64(secret, body) })),
    email: 'dana@descope.example',
    names: ['Scope', 'Skope'],
  },
  {
    preset: 'bamboohr',
    settings: { fetch: { companyDomain: 'acme' } },
    secret: TEXT,
    fetchSecrets: ['bamboo-api-key'],
    signed: headers((body, secret, seconds) => ({
      'x-bamboohr-timestamp': String(seconds),
      'x-bamboohr-signature': sign.hex(secret, body + seconds),
    })),
    fetched: byStep({ update: { lastName: 'Bambou' }, leave: { status: 'Inactive' } }),
    email: 'bryony@bamboo.example',
    names: ['Bamboo', 'Bambou'],
  },
  {
    preset: 'hibob',
    settings: { fetch: {} },
    secret: TEXT,
    fetchSecrets: ['SERVICE-1', 'hibob-token'],
    signed: headers((body, secret) => ({ 'bob-signature': sign.base64(secret, body, 'sha512') })),
    fetched: (step, person) => {
      const [employee] = (person as { employees: Record<string, unknown>[] }).employees;
      const change = {
        create: {},
        update: { surname: 'Boob' },
        leave: { internal: { status: 'Inactive' } },
      };
      return { employees: [{ ...employee, ...change[step] }] };
    },
    email: 'hilda@bob.example',
    names: ['Bob', 'Boob'],
  },
  {
    preset: 'personio',
    settings: { fetch: {} },
    secret: 'url-secret-of-personio',
    fetchSecrets: ['client', 'client-secret'],
    signed: (body) => ({ body }),
    paths: { create: '/{secret}', update: '/{secret}', leave: '/{secret}' },
    fetched: byStep({ update: { last_name: 'Persson' }, leave: { status: 'INACTIVE' } }),
    email: 'petra@personio.example',
    names: ['Person', 'Persson'],
  },
  {
    preset: 'gusto',
    settings: { fetch: {} },
    secret: '6590f590-5a5a-4b4b-8c8c-0123456789ab',
    fetchSecrets: ['gusto-token'],
    signed: headers((body, secret) => ({ 'x-gusto-signature': sign.hex(secret, body) })),
    fetched: byStep({ update: { last_name: 'Toost' }, leave: { terminated: true } }),
    email: 'gus@gusto.example',
    names: ['Toast', 'Toost'],
  },
  {
    preset: 'rippling',
    settings: {
      fetch: { url: 'https://api.rippling.com/platform/api/employees/{id}' },
      map: {
        userName: 'workEmail',
        'emails[type eq "work"].value': 'workEmail',
        'name.givenName': 'firstName',
        'name.familyName': 'lastName',
        active: 'roleState eq "ACTIVE"',
      },
    },
    secret: TEXT,
    fetchSecrets: ['rippling-token'],
    signed: bearer,
    fetched: byStep({ update: { lastName: 'Plong' }, leave: { roleState: 'TERMINATED' } }),
    email: 'rip@rippling.example',
    names: ['Pling', 'Plong'],
  },
  {
    preset: 'merge',
    secret: TEXT,
    signed: headers((body, secret) => ({ 'x-merge-webhook-signature': sign.base64url(secret, body) })),
    email: 'greg@merge.example',
    names: ['Hirsch', 'Roy'],
  },
  {
    preset: 'finch',
    settings: { fetch: {} },
    secret: BASE64,
    fetchSecrets: ['finch-token'],
    signed: headers((body, secret, seconds) => {
      const id = createHash('sha256').update(body).digest('hex').slice(0, 12);
      const standard = sign.standard(secret, id, seconds, body);
      return {
        'finch-event-id': id,
        'finch-timestamp': String(seconds),
        'finch-signature': standard['webhook-signature'],
      };
    }),
    fetched: (step, person) => {
      const [response] = (person as { responses: { body: object }[] }).responses;
      const change = { create: {}, update: { last_name: 'Charlez' }, leave: { is_active: false } }[step];
      return { responses: [{ ...response, body: { ...response?.body, ...change } }] };
    },
    email: 'fin@finch.example',
    names: ['Charles', 'Charlez'],
  },
  {
    preset: 'deel',
    secret: TEXT,
    signed: headers((body, secret) => ({ 'x-deel-signature': sign.hex(secret, `POST${body}`) })),
    email: 'dee@deel.example',
    names: ['El', 'El'],
  },
  {
    preset: 'remote',
    settings: { fetch: {} },
    secret: TEXT,
    fetchSecrets: ['remote-token'],
    signed: headers((body, secret, seconds) => ({
      'x-remote-timestamp': `${seconds}000`,
      'x-remote-signature': sign.hex(secret, `${body}:${seconds}000`),
    })),
    fetched: (step, person) => {
      const { employment } = (person as { data: { employment: object } }).data;
      const change = { create: {}, update: { full_name: 'Rémi Afar' }, leave: { user_status: 'inactive' } }[
        step
      ];
      return { data: { employment: { ...employment, ...change } } };
    },
    email: 'remi@remote.example',
    names: ['Remote', 'Afar'],
  },
  {
    preset: 'factorial',
    secret: TEXT,
    signed: raw('x-factorial-wh-challenge'),
    email: 'fatima@factorial.example',
    names: ['Torial', 'Toreal'],
    waits: true,
  },
  {
    preset: 'paylocity',
    secret: 'user:password',
    signed: basic,
    email: 'jane@paylocity.example',
    names: ['Doe', 'Dough'],
    waits: true,
  },
  {
    preset: 'successfactors',
    settings: {
      fetch: { url: "https://api.sf.example/odata/v2/User('{id}')?$format=json", authorization: 'Basic' },
      map: {
        userName: 'd.username',
        'emails[type eq "work"].value': 'd.email',
        'name.givenName': 'd.firstName',
        'name.familyName': 'd.lastName',
        active: 'd.status eq "t"',
      },
    },
    secret: 'user:password',
    fetchSecrets: ['api:password'],
    signed: basic,
    fetched: (step, person) => ({
      d: {
        ...(person as { d: object }).d,
        ...{ create: {}, update: { lastName: 'Faktors' }, leave: { status: 'f' } }[step],
      },
    }),
    email: 'sam@sf.example',
    names: ['Factors', 'Faktors'],
  },
  {
    preset: 'standard-webhooks',
    secret: `whsec_${BASE64}`,
    signed: headers((body, secret, seconds) =>
      sign.standard(
        secret,
        `msg_${createHash('sha256').update(body).digest('hex').slice(0, 12)}`,
        seconds,
        body,
      ),
    ),
    email: 'grace@example.com',
    names: ['Hopper', 'Murray'],
  },
  {
    preset: 'cloudevents',
    secret: 'token',
    signed: bearer,
    email: 'grace@example.com',
    names: ['Hopper', 'Murray'],
    waits: true,
  },
  {
    preset: 'hmac',
    settings: customSettings,
    fixture: 'custom',
    secret: TEXT,
    signed: headers((body, secret, seconds) => ({
      'x-timestamp': String(seconds),
      'x-signature': `sha256=${sign.hex(secret, `${seconds}.${body}`)}`,
    })),
    email: 'kim@custom.example',
    names: ['Custom', 'Kustom'],
  },
  {
    preset: 'json',
    secret: 'workday:password',
    signed: basic,
    email: 'grace@example.com',
    names: ['Hopper', 'Murray'],
    waits: true,
  },
];

/** With what the fixture says of headers, paths and content type, which `trigger` takes from there, too. */
export const PROVIDER_CASES: readonly ProviderCase[] = CASES.map((row) => {
  const { headers: said, paths, contentType } = fixture(row.fixture ?? row.preset);
  return { ...(compact({ headers: said, paths, contentType }) as Partial<ProviderCase>), ...row };
});
