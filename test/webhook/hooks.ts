import { createHash, createHmac } from 'node:crypto';
import type { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Directory, openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { providers } from '../../functions/providers/registry.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { openServices, type Services } from '../../functions/provision/services.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import type { Clock } from '../../functions/runtime/clock.ts';
import { type Limits, NO_LIMITS } from '../../functions/runtime/limits.ts';
import type { HttpRequest, HttpResponse } from '../../functions/runtime/transport.ts';
import { workPendingEvents } from '../../functions/sources/pending-work.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { openSecrets } from '../../functions/tenant/secrets/secrets.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { webhookHandler } from '../../functions/webhook/handler.ts';
import type { Simulator } from '../../local/simulator/interface.ts';
import { createSimulator } from '../../local/simulator/simulator.ts';
import { START, seeded } from '../local/simulator-bench.ts';
import { demoTenant } from '../mapping/demo.ts';
import { type Numbers, openNumbers } from '../runtime/numbers.ts';
import { contextWith, scimEvent } from '../scim/event.ts';

const PREFIX = 'agent-provisioner/test';
/** The tenant's secret that holds those of its sources. */
export const SECRET = `${PREFIX}/demo/door`;
const CLIENT = { clientId: 'cs-demo', clientSecret: 'client secret of demo' };
const ADMIN = { clientId: 'cs-demo-admin', clientSecret: 'client secret of the admin app' };
const FAR = 10 * 60_000;

/** A clock on which waiting takes no time but moves it on. */
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

export interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text and bytes stay as they are; an object becomes JSON. */
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
  /** A query as it is written, in the place of `query`. */
  readonly rawQuery?: string;
  readonly base64?: boolean;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The webhook door with a directory, secrets and a SmartAssist behind it, all in this process. */
export interface Hooks {
  readonly simulator: Simulator;
  readonly directory: Directory;
  readonly services: Services;
  readonly clock: LeapingClock;
  readonly logged: string[];
  readonly rung: string[];
  readonly numbers: Numbers;
  readonly secrets: Map<string, string>;
  /** Calls that went to providers. */
  readonly calls: HttpRequest[];
  send(path: string, sent?: Sent): Promise<Answered>;
  /** Does the pending events of sources that are due, and leaves the agents as they are. */
  read(): Promise<void>;
  /** Does everything that is due: pending events of sources, then records. */
  settle(): Promise<void>;
  /** All persons who are stored for demo. */
  stored(): Promise<PersonRecord[]>;
  person(userName: string): Promise<PersonRecord | undefined>;
  /** E-mail addresses of agents in service, and of those out of service. */
  agents(): { active: string[]; suspended: string[] };
}

export interface HooksOptions {
  readonly limits?: (clock: Clock) => Limits;
  /** Sources of the tenant as the configuration has them. */
  readonly sources?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, readonly string[]>>;
  /** Sources of another tenant, where they aren't the same; its secrets are always others. */
  readonly others?: Readonly<Record<string, unknown>>;
  readonly tenant?: Partial<TenantConfiguration>;
  /** Answers for calls that go to providers. */
  readonly provider?: (request: HttpRequest) => HttpResponse | undefined;
  readonly services?: (services: Services) => Partial<Services>;
}

export function openHooks(options: HooksOptions = {}): Hooks {
  const clock = new LeapingClock();
  const random = seeded(1);
  const parsed = (given: Readonly<Record<string, unknown>> = {}) =>
    Object.fromEntries(Object.entries(given).map(([name, source]) => [name, sourceSchema.parse(source)]));
  const sources = parsed(options.sources);
  const demo = { ...demoTenant(), sources, ...options.tenant } as TenantConfiguration;
  const other = {
    ...demo,
    ...(options.others === undefined ? {} : { sources: parsed(options.others) }),
  };
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
  });
  const secrets = new Map([
    [SECRET, JSON.stringify({ sources: options.secrets ?? {} })],
    [`${PREFIX}/other/door`, JSON.stringify({ sources: othersOf(options.secrets) })],
    ...['demo', 'other'].map(
      (name) => [`${PREFIX}/${name}/smartassist`, JSON.stringify({ ...CLIENT, admin: ADMIN })] as const,
    ),
  ]);
  const secretsManager = {
    send: async ({ input }: GetSecretValueCommand) => ({ SecretString: secrets.get(input.SecretId ?? '') }),
  } as unknown as SecretsManagerClient;
  const logged: string[] = [];
  const write = (message: string, fields = {}) => void logged.push(JSON.stringify({ message, ...fields }));
  const rung: string[] = [];
  const numbers = openNumbers();
  const calls: HttpRequest[] = [];
  const toSimulator = simulator.transport();
  let ids = 0;
  const table = memoryTable(clock);
  const base = openServices({
    directory: openDirectory(table, clock),
    table,
    secrets: openSecrets({ client: secretsManager, clock, prefix: PREFIX }),
    transport: async (request) => {
      if (new URL(request.url).host === new URL(host).host) return toSimulator(request);
      calls.push(request);
      return options.provider?.(request) ?? { status: 404, headers: {}, body: '{}' };
    },
    clock,
    random,
    randomId: () => {
      ids += 1;
      return `id-${ids}`;
    },
    log: { debug: write, info: write, warn: write, error: write },
    metrics: numbers,
    ring: async (tenant) => void rung.push(tenant),
  });
  const services = { ...base, ...options.services?.(base) };
  const configuration = { tenants: { demo, other } };
  const handler = webhookHandler(configuration, services, providers, options.limits?.(clock) ?? NO_LIMITS);
  const provisioning = openTenant('demo', demo, base);

  const send: Hooks['send'] = async (path, sent = {}) => {
    const { method = 'POST', headers = {}, body, query = {}, rawQuery, base64 = false } = sent;
    const absolute = path.startsWith('/') ? path : `/demo/hooks/${path}`;
    const bytes = Buffer.isBuffer(body) ? { body: body.toString('base64'), isBase64Encoded: true } : {};
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const plain = scimEvent(method, absolute, {
      headers: { 'content-type': 'application/json', ...headers },
      query,
      base64,
      ...(text === undefined ? {} : { body: text }),
    });
    const event = { ...plain, ...bytes, ...(rawQuery === undefined ? {} : { rawQueryString: rawQuery }) };
    const result = await handler(event, contextWith());
    return {
      status: result.statusCode ?? 0,
      headers: (result.headers ?? {}) as Record<string, string>,
      body: result.body ?? '',
    };
  };
  const stored = async () => (await base.directory.listPersons('demo', { limit: 1_000 })).persons;
  return {
    simulator,
    directory: base.directory,
    services: base,
    clock,
    logged,
    rung,
    numbers,
    secrets,
    calls,
    send,
    read: async () => {
      await workPendingEvents(providers, provisioning, base, clock.now() + FAR);
    },
    settle: async () => {
      await workPendingEvents(providers, provisioning, base, clock.now() + FAR);
      await drain(provisioning, base, clock.now() + FAR);
    },
    stored,
    person: async (userName) =>
      (await base.directory.findPerson('demo', { attribute: 'userName', value: userName }))[0],
    agents: () => {
      const unassigned = simulator.catalogue.agentGroups.find((group) => group.isUnassigned)?.id;
      const of = (isSuspended: boolean) =>
        simulator
          .agents()
          .filter(({ agentGroupId }) => (agentGroupId === unassigned) === isSuspended)
          .map(({ emailId }) => emailId)
          .toSorted();
      return { active: of(false), suspended: of(true) };
    },
  };
}

/** Another tenant has the same sources with secrets of its own. */
function othersOf(secrets: HooksOptions['secrets'] = {}) {
  return Object.fromEntries(
    Object.entries(secrets).map(([name, list]) => [name, list.map((each) => flipped(each))]),
  );
}

function flipped(secret: string): string {
  return secret.replace(/[A-Za-z0-9](?=[^A-Za-z0-9]*$)/, (last) => (last === 'A' ? 'B' : 'A'));
}

/** What a sender puts into its headers, by the rules of each provider, written apart from the code under test. */
export const sign = {
  hex: (secret: string, content: string, algorithm = 'sha256') =>
    createHmac(algorithm, secret).update(content).digest('hex'),
  base64: (secret: string | Buffer, content: string, algorithm = 'sha256') =>
    createHmac(algorithm, secret).update(content).digest('base64'),
  base64url: (secret: string, content: string) =>
    createHmac('sha256', secret).update(content).digest('base64url'),
  standard: (secret: string, id: string, seconds: number, body: string) => ({
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${createHmac('sha256', Buffer.from(secret.replace(/^whsec_/, ''), 'base64'))
      .update(`${id}.${seconds}.${body}`)
      .digest('base64')}`,
  }),
  sha256: (content: string) => createHash('sha256').update(content),
};

/** After everything that could be due. */
export const ALL_TIME = Date.parse('2200-01-01T00:00:00Z');
export const SECONDS = Math.floor(START / 1000);
export { START };
