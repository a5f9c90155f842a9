import { type Directory, openDirectory } from '../../functions/directory/directory.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import { type PersonRecord, PRIORITY } from '../../functions/directory/record.ts';
import {
  type AcceptedInline,
  acceptInline,
  type IncomingPerson,
} from '../../functions/provision/accept-inline.ts';
import { type Drained, drain } from '../../functions/provision/drain/drain.ts';
import { openServices, type Services } from '../../functions/provision/services.ts';
import { openTenant, type TenantProvisioning } from '../../functions/provision/tenant.ts';
import type { Clock } from '../../functions/runtime/clock.ts';
import type { Log } from '../../functions/runtime/log.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import type { Simulator } from '../../local/simulator/interface.ts';
import { createSimulator } from '../../local/simulator/simulator.ts';
import { START, seeded } from '../local/simulator-bench.ts';
import { demoTenant } from '../mapping/demo.ts';
import { type Numbers, openNumbers } from '../runtime/numbers.ts';

/** A clock on which waiting takes no time but moves it on. */
export class LeapingClock implements Clock {
  #now = START;

  now(): number {
    return this.#now;
  }

  async sleep(milliseconds: number): Promise<void> {
    this.#now += Math.max(1, milliseconds);
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
  }
}

const CLIENT = { clientId: 'cs-demo', clientSecret: 'client secret of demo' };
const ADMIN = { clientId: 'cs-demo-admin', clientSecret: 'client secret of the admin app' };

/** Provisioning of the demo tenant against a simulator, all in this process and on one leaping clock. */
export interface ProvisionBench {
  readonly clock: LeapingClock;
  readonly simulator: Simulator;
  readonly directory: Directory;
  readonly services: Services;
  readonly provisioning: TenantProvisioning;
  readonly rung: string[];
  readonly logged: string[];
  readonly numbers: Numbers;
  arrive(person: Person, changes?: Partial<IncomingPerson>): Promise<AcceptedInline>;
  /** As `arrive`, for a person who is stored. */
  stored(person: Person, changes?: Partial<IncomingPerson>): Promise<PersonRecord>;
  /** Drains until nothing is due or so many milliseconds are over. */
  drained(milliseconds?: number): Promise<Drained>;
  /** Drains, waiting for what is to be tried again, until nothing is due any more. */
  settled(): Promise<void>;
  read(record: PersonRecord): Promise<PersonRecord>;
  /** Calls that changed something or looked an agent up; reading the catalogue doesn't count. */
  agentCalls(): Record<string, number>;
  /** What is done once, after the next reading of an agent has been answered. */
  betweenGetAndPut(work: () => void): void;
  /** What is done once, after this page of the list of agents has been answered. */
  afterPage(page: number, work: () => Promise<unknown>): void;
  /** The tenant under another configuration, with everything else as it was. */
  reconfigure(changes: Partial<TenantConfiguration>): TenantProvisioning;
}

export function provisionBench(
  options: {
    readonly tenant?: Partial<TenantConfiguration>;
    readonly behaviour?: BehaviourInput;
    /** The secret has the bot app's credentials only. */
    readonly withoutAdminApp?: boolean;
    readonly directory?: (directory: Directory) => Directory;
  } = {},
): ProvisionBench {
  const clock = new LeapingClock();
  const random = seeded(7);
  const demo = demoTenant();
  const tenant: TenantConfiguration = { ...demo, ...options.tenant };
  const { streamId, accountId, profile } = tenant.smartassist;
  const simulator = createSimulator({
    clock,
    random,
    credentials: () => [CLIENT],
    admin: () => [ADMIN],
    streamId,
    profile,
    ...(accountId === undefined ? {} : { accountId }),
    ...(options.behaviour === undefined ? {} : { behaviour: options.behaviour }),
  });
  const opened = openDirectory(memoryTable(clock), clock);
  const directory = options.directory?.(opened) ?? opened;
  const rung: string[] = [];
  const logged: string[] = [];
  const write = (message: string, fields = {}) => void logged.push(JSON.stringify({ message, ...fields }));
  const log: Log = { debug: write, info: write, warn: write, error: write };
  let ids = 0;
  const secret = {
    ...CLIENT,
    ...(options.withoutAdminApp ? {} : { admin: ADMIN }),
    scimTokens: [],
    sources: {},
    keys: [],
  };
  const numbers = openNumbers();
  const transport = simulator.transport();
  let between: (() => void) | undefined;
  const afterPages = new Map<string, () => Promise<unknown>>();
  const services = openServices({
    directory,
    secrets: { get: async () => secret, refresh: async () => secret },
    transport: async (request) => {
      const response = await transport(request);
      if (request.method === 'GET' && /\/agents\/(a-|customId\/)/.test(request.url)) {
        between?.();
        between = undefined;
      }
      const page = /\/organizations\/.*[?&]page=(\d+)/.exec(request.url)?.[1] ?? '';
      const then = afterPages.get(page);
      afterPages.delete(page);
      await then?.();
      return response;
    },
    clock,
    random,
    randomId: () => `id-${String(++ids).padStart(6, '0')}`,
    log,
    metrics: numbers,
    ring: async (name) => void rung.push(name),
  });
  const provisioning = openTenant('demo', tenant, services);

  const arrive: ProvisionBench['arrive'] = (person, changes = {}) =>
    acceptInline(provisioning, services, {
      person,
      source: 'test',
      priority: PRIORITY.interactive,
      inline: { urgency: 'interactive', deadline: clock.now() + 8_000 },
      ...changes,
    });
  return {
    clock,
    simulator,
    directory,
    services,
    provisioning,
    rung,
    logged,
    numbers,
    arrive,
    stored: async (person, changes) => {
      const accepted = await arrive(person, changes);
      if (accepted.outcome !== 'stored') throw new Error(JSON.stringify(accepted));
      return accepted.record;
    },
    drained: (milliseconds = 120_000) => drain(provisioning, services, clock.now() + milliseconds),
    settled: async () => {
      for (let round = 0; round < 100; round += 1) {
        const drained = await drain(provisioning, services, clock.now() + 120_000);
        if (drained.outcome === 'idle' && drained.nextAt === undefined) return;
        if (drained.outcome === 'idle') clock.advance(Math.max(1, (drained.nextAt ?? 0) - clock.now()));
      }
      throw new Error('it never settles');
    },
    read: async ({ tenant: name, id }) => {
      const record = await directory.readPerson(name, id);
      if (record === undefined) throw new Error('the record is gone');
      return record;
    },
    agentCalls: () =>
      Object.fromEntries(
        Object.entries(simulator.calls()).filter(([operation]) => /agents/.test(operation)),
      ) as Record<string, number>,
    betweenGetAndPut: (work) => {
      between = work;
    },
    afterPage: (page, work) => void afterPages.set(String(page), work),
    reconfigure: (changes) => openTenant('demo', { ...tenant, ...changes }, services),
  };
}

export function person(name: string, changes: Partial<Person> = {}): Person {
  return {
    userName: `${name}@example.com`,
    active: true,
    name: { givenName: name, familyName: 'Example' },
    emails: [{ value: `${name}@example.com`, type: 'work', primary: true }],
    ...changes,
  };
}
