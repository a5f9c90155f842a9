import { createHash } from 'node:crypto';
import type { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect } from 'vitest';
import { type Directory, openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { openInline } from '../../functions/provision/accept-inline.ts';
import { openServices, type ServiceOptions, type Services } from '../../functions/provision/services.ts';
import type { Clock } from '../../functions/runtime/clock.ts';
import { correlationId } from '../../functions/runtime/correlation.ts';
import { type Limits, NO_LIMITS } from '../../functions/runtime/limits.ts';
import { silentMetrics } from '../../functions/runtime/metrics.ts';
import { type ScimHandler, scimHandler } from '../../functions/scim/http/handler.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { openSecrets } from '../../functions/tenant/secrets/secrets.ts';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import type { Simulator } from '../../local/simulator/interface.ts';
import { createSimulator } from '../../local/simulator/simulator.ts';
import { START, seeded } from '../local/simulator-bench.ts';
import { demoTenant } from '../mapping/demo.ts';
import { contextWith, type EventOptions, scimEvent } from './event.ts';

export const TOKEN = 'token-of-demo';
export const OTHER_TOKEN = 'token-of-other';
const PREFIX = 'agent-provisioner/test';
/** The secret that holds the tokens of demo. */
export const SECRET = `${PREFIX}/demo/door`;
export const OTHER_SECRET = `${PREFIX}/other/door`;
const CLIENT = { clientId: 'cs-demo', clientSecret: 'client secret of demo' };
const ADMIN = { clientId: 'cs-demo-admin', clientSecret: 'client secret of the admin app' };
export const AGENT = 'urn:agent-provisioner:params:scim:schemas:extension:agent:1.0:User';
export const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';

/** A clock on which waiting takes no time but moves it on, so that a server that hangs is waited out at once. */
class LeapingClock implements Clock {
  #now = START;

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Record<string, unknown>;
}

/** The SCIM front door with a SmartAssist, a directory and secrets behind it, all in this process. */
export interface Door {
  readonly simulator: Simulator;
  readonly directory: Directory;
  readonly services: Services;
  readonly clock: LeapingClock;
  /** Names and values of secrets; what isn't text makes Secrets Manager fail so. */
  readonly secrets: Map<string, string | Error>;
  /** How often Secrets Manager was asked. */
  readonly secretReads: () => number;
  /** Log lines as JSON, each with the correlation id under which it was written. */
  readonly logged: string[];
  /** Tenants that the doorbell was rung for. */
  readonly rung: string[];
  readonly handler: ScimHandler;
  /** Sends a request with demo's token below `/demo/scim/v2`, or to a path of its own. */
  send(method: string, path: string, options?: EventOptions & { remaining?: number }): Promise<Answer>;
  create(person: unknown, options?: EventOptions & { remaining?: number }): Promise<Answer>;
  /** All persons who are stored for demo. */
  stored(): Promise<PersonRecord[]>;
}

export interface DoorOptions {
  readonly tenant?: Partial<Omit<TenantConfiguration, 'smartassist'>>;
  readonly smartassist?: Partial<TenantConfiguration['smartassist']>;
  readonly behaviour?: BehaviourInput;
  readonly limits?: (clock: Clock) => Limits;
  /** Replaces parts of the services before they are put together. */
  readonly services?: (options: ServiceOptions) => Partial<ServiceOptions>;
}

export function openDoor(options: DoorOptions = {}): Door {
  const clock = new LeapingClock();
  const random = seeded(1);
  const shipped = demoTenant();
  const demo: TenantConfiguration = {
    ...shipped,
    ...options.tenant,
    smartassist: { ...shipped.smartassist, ...options.smartassist },
  };
  const other = demo;
  const { streamId, accountId, profile, host } = demo.smartassist;
  const simulator = createSimulator({
    clock,
    random,
    credentials: () => [CLIENT],
    admin: () => [ADMIN],
    streamId,
    profile,
    host: new URL(host).host,
    ...(accountId === undefined ? {} : { accountId }),
    ...(options.behaviour === undefined ? {} : { behaviour: options.behaviour }),
  });
  const secrets = new Map<string, string | Error>([
    [SECRET, secretWith(TOKEN)],
    [OTHER_SECRET, secretWith(OTHER_TOKEN)],
    ...['demo', 'other'].map(
      (name) => [`${PREFIX}/${name}/smartassist`, JSON.stringify({ ...CLIENT, admin: ADMIN })] as const,
    ),
  ]);
  let reads = 0;
  const secretsManager = {
    send: async ({ input }: GetSecretValueCommand) => {
      reads += 1;
      const value = secrets.get(input.SecretId ?? '');
      if (value instanceof Error) throw value;
      if (value === undefined) throw named('ResourceNotFoundException');
      return { SecretString: value };
    },
  } as unknown as SecretsManagerClient;
  const logged: string[] = [];
  const write = (message: string, fields = {}) =>
    void logged.push(JSON.stringify({ message, ...fields, correlationId: correlationId() }));
  const rung: string[] = [];
  let ids = 0;
  const table = memoryTable(clock);
  const given: ServiceOptions = {
    directory: openDirectory(table, clock),
    table,
    secrets: openSecrets({ client: secretsManager, clock, prefix: PREFIX }),
    transport: simulator.transport(),
    clock,
    random,
    randomId: () => {
      ids += 1;
      // In the order of time, as the real ones are.
      return `id-${String(ids).padStart(6, '0')}`;
    },
    log: { debug: write, info: write, warn: write, error: write },
    metrics: silentMetrics,
    ring: async (tenant) => void rung.push(tenant),
  };
  const services = openServices({ ...given, ...options.services?.(given) });
  const handler = scimHandler(
    { tenants: { demo, other } },
    services,
    openInline,
    options.limits?.(clock) ?? NO_LIMITS,
  );

  const send: Door['send'] = async (method, path, { remaining, ...event } = {}) => {
    const absolute = /^\/[^/]+\/scim\/v2/i.test(path) ? path : `/demo/scim/v2${path}`;
    const headers = { authorization: `Bearer ${TOKEN}`, ...event.headers };
    const result = await handler(scimEvent(method, absolute, { ...event, headers }), contextWith(remaining));
    return {
      status: result.statusCode ?? 0,
      headers: result.headers as Record<string, string>,
      body: result.body === undefined ? {} : JSON.parse(result.body),
    };
  };
  return {
    simulator,
    directory: services.directory,
    services,
    clock,
    secrets,
    secretReads: () => reads,
    logged,
    rung,
    handler,
    send,
    create: (person, event = {}) => send('POST', '/Users', { ...event, body: person }),
    stored: async () => (await services.directory.listPersons('demo', { limit: 100 })).persons,
  };
}

/** A person whom the demo tenant makes an agent; undefined takes an attribute out. */
export const ada = (changes: Readonly<Record<string, unknown>> = {}) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: 'ada@example.com',
  externalId: '00u1',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: 'ada.lovelace@example.com', type: 'work', primary: true }],
  phoneNumbers: [{ value: '+49 (0)30 1234-567', type: 'work' }],
  active: true,
  ...changes,
});

/** The text of a tenant's secret for its door, with these bearer tokens. */
export const secretWith = (...tokens: string[]) =>
  JSON.stringify({
    scimTokens: tokens.map((token) => `sha256:${createHash('sha256').update(token).digest('hex')}`),
  });

/** An error as the SDK throws it. */
export const named = (name: string) => Object.assign(new Error(name), { name });

/** Holds an answer to the form of a SCIM Error (RFC 7644 section 3.12) and gives its words. */
export function detailOf({ status, headers, body }: Answer, expected: number, scimType?: string): string {
  expect({ status, detail: body.detail }).toEqual({ status: expected, detail: expect.stringMatching(/./) });
  expect(headers['content-type']).toMatch(/^application\/scim\+json\b/);
  expect(headers['x-correlation-id']).toMatch(/./);
  expect(body).toEqual({
    schemas: [ERROR],
    status: String(expected),
    detail: expect.any(String),
    ...(scimType === undefined ? {} : { scimType }),
  });
  return String(body.detail);
}

/** Where a person's agent stands, as the answer shows it. */
export function provisioningOf({ body }: Answer): Record<string, unknown> {
  return (body[AGENT] as { provisioning: Record<string, unknown> } | undefined)?.provisioning ?? {};
}
