import { providers } from '../../functions/providers/registry.ts';
import { signupHandler } from '../../functions/signup/handler.ts';
import { scimSettings } from '../../functions/tenant/scim.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { securityEventHandler } from '../../functions/webhook/security-events/handler.ts';
import { demoTenant } from '../mapping/demo.ts';
import { contextWith, scimEvent } from '../scim/event.ts';
import { openQuietDoor } from '../scim/quiet.ts';
import { type Hooks, type HooksOptions, openHooks } from '../webhook/hooks.ts';
import {
  fixture,
  JWKS,
  JWKS_URI,
  jwt,
  PROVIDER_CASES,
  type ProviderCase,
  STEPS,
  signingKey,
  textOf,
} from '../webhook/providers.ts';
import { corpus } from './corpus.ts';
import { assertAnswered, type Target } from './target.ts';

/** A door is opened anew after so many requests, so that what is stored doesn't count for those behind. */
const REQUESTS = 300;

function renewed<Opened>(open: () => Opened): () => Opened {
  let uses = 0;
  let opened: Opened | undefined;
  return () => {
    uses += 1;
    if (opened === undefined || uses % REQUESTS === 0) opened = open();
    return opened;
  };
}

function scim(): Target {
  const door = renewed(openQuietDoor);
  return {
    name: 'scim',
    seeds: corpus('scim'),
    take: async (input) => {
      const [, head = '', body] = /^([^\n]*)(?:\n(.*))?$/s.exec(input) ?? [];
      const [, method = '', address = ''] = /^(\S*) ?(.*)$/s.exec(head) ?? [];
      const [path = '', ...query] = address.split('?');
      const answer = await door().send(method, `/demo/scim/v2${path}`, {
        rawQuery: query.join('?'),
        ...(body === undefined || body === '' ? {} : { body }),
      });
      assertAnswered(answer.status, JSON.stringify(answer.body));
    },
  };
}

/** A header with which nobody is let in, whatever it is. */
function authorization(): Target {
  const trusted = { issuer: 'a', audience: 'b', keys: 'https://issuer.example/keys' };
  const door = renewed(() =>
    openQuietDoor({
      tenant: { scim: scimSettings.parse({ jwt: [trusted] }) },
      services: () => ({ transport: async () => ({ status: 200, headers: {}, body: '{"keys":[null]}' }) }),
    }),
  );
  return {
    name: 'authorization',
    seeds: corpus('authorization'),
    take: async (input) => {
      const { status } = await door().send('GET', '/Users', { headers: { authorization: input } });
      if (status !== 401) throw new Error(`answered ${status}`);
    },
  };
}

/** Counts what is written of persons and for them. */
function watched(options: HooksOptions): { readonly hooks: Hooks; readonly writes: () => number } {
  let writes = 0;
  const counted =
    <Arguments extends unknown[], Answer>(write: (...args: Arguments) => Answer) =>
    (...args: Arguments): Answer => {
      writes += 1;
      return write(...args);
    };
  const hooks = openHooks({
    ...options,
    services: ({ directory }) => ({
      directory: {
        ...directory,
        createPerson: counted(directory.createPerson),
        updatePerson: counted(directory.updatePerson),
        putPendingEvent: counted(directory.putPendingEvent),
      },
    }),
  });
  return { hooks, writes: () => writes };
}

const keysAt: NonNullable<HooksOptions['provider']> = ({ url }) =>
  url === JWKS_URI ? { status: 200, headers: {}, body: JSON.stringify(JWKS) } : undefined;

/** The webhook of a provider: what it signed, and the same without the proof, which changes nothing. */
function webhook(provider: ProviderCase): Target {
  const { preset, settings, secret, fetchSecrets = [], contentType, signed, paths = {} } = provider;
  const opened = renewed(() =>
    watched({
      sources: { people: { preset, ...settings } },
      secrets: { people: [secret], 'people.fetch': fetchSecrets },
      provider: keysAt,
    }),
  );
  const bodies = fixture(provider.fixture ?? preset);
  return {
    name: `webhook ${preset}`,
    seeds: STEPS.flatMap((step) => (bodies[step] === undefined ? [] : [textOf(bodies[step])])),
    take: async (input) => {
      const { hooks, writes } = opened();
      const type = contentType === undefined ? {} : { 'content-type': contentType };
      const sent = signed(input, secret);
      const headers = { ...type, ...provider.headers?.create, ...sent.headers };
      const proven = await hooks.send(`people${paths.create ?? ''}`, { ...sent, headers });
      assertAnswered(proven.status, proven.body);
      const before = writes();
      const body = input.replaceAll(secret, 'of-a-stranger');
      const unproven = await hooks.send('people/of-a-stranger', { headers: type, body });
      assertAnswered(unproven.status, unproven.body);
      if (writes() !== before) throw new Error('a request that proves nothing was stored');
    },
  };
}

function securityEvents(): Target {
  const source = {
    preset: 'security-events',
    issuer: 'https://scim.example.com',
    audience: 'https://scim.example.com/Feeds/98d52461fa5bbc879593b7754',
    jwksUri: JWKS_URI,
  };
  const door = renewed(() => {
    const { hooks, writes } = watched({ sources: { feed: source }, provider: keysAt });
    const demo = { ...demoTenant(), sources: { feed: sourceSchema.parse(source) } };
    return { writes, handle: securityEventHandler({ tenants: { demo } }, hooks.services, providers) };
  });
  const header = { alg: 'ES256', kid: 'k1', typ: 'secevent+jwt' };
  return {
    name: 'security events',
    seeds: corpus('security-event'),
    take: async (input) => {
      const { handle, writes } = door();
      const push = async (body: string) => {
        const headers = { 'content-type': 'application/secevent+jwt' };
        const answer = await handle(scimEvent('POST', '/demo/events', { body, headers }), contextWith());
        assertAnswered(answer.statusCode ?? 0, answer.body ?? '');
      };
      const claims = fromJson(input);
      if (typeof claims === 'object' && claims !== null) await push(jwt(claims, signingKey, header));
      const before = writes();
      await push(input);
      if (writes() !== before) throw new Error('a token that proves nothing was stored');
    },
  };
}

function signup(): Target {
  const sources = {
    signup: { preset: 'cognito', userPoolId: 'eu-west-1_x' },
    auth0: { preset: 'auth0', eventSource: 'aws.partner/auth0.com/acme-1/auth0.logs' },
    okta: { preset: 'okta-event-hook', eventSource: 'aws.partner/okta.com/acme/stream' },
  };
  const door = renewed(() => {
    const hooks = openHooks({ sources });
    const parsed = Object.fromEntries(
      Object.entries(sources).map(([name, each]) => [name, sourceSchema.parse(each)]),
    );
    // What is stored is stored before a time runs out.
    const clock = { now: () => hooks.clock.now(), sleep: () => new Promise<void>(() => {}) };
    const configuration = { tenants: { demo: { ...demoTenant(), sources: parsed } } };
    return signupHandler(configuration, { ...hooks.services, clock }, providers);
  });
  return {
    name: 'sign-up',
    seeds: Object.values(fixture('cognito')).map((event) => JSON.stringify(event)),
    take: async (input) => {
      const event = fromJson(input);
      // AWS hands over objects.
      if (typeof event === 'object' && event !== null) await door()(event, contextWith());
    },
  };
}

function fromJson(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return undefined;
  }
}

/** Every door as it is called from outside. */
export const DOORS: readonly Target[] = [
  scim(),
  authorization(),
  securityEvents(),
  signup(),
  ...PROVIDER_CASES.map(webhook),
];
