import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { type Directory, openDirectory } from '../../functions/directory/directory.ts';
import { type PersonRecord, PRIORITY } from '../../functions/directory/record.ts';
import { openSqliteTable } from '../../functions/directory/sqlite/table.ts';
import type { Table } from '../../functions/directory/table.ts';
import { acceptInline } from '../../functions/provision/accept-inline.ts';
import { detectConfigurationChange } from '../../functions/provision/drain/configuration-change.ts';
import { openServices, type Services } from '../../functions/provision/services.ts';
import { openTenant, type TenantProvisioning } from '../../functions/provision/tenant.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { silentLog } from '../../functions/runtime/log.ts';
import { silentMetrics } from '../../functions/runtime/metrics.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import type { Simulator } from '../../local/simulator/interface.ts';
import { createSimulator } from '../../local/simulator/simulator.ts';
import { demoCatalogue, demoTenant } from '../mapping/demo.ts';

export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const TENANT = 'demo';
/** As `npm start` has it, and commands unless the environment says otherwise. */
const CLIENT = { clientId: 'cs-demo', clientSecret: 'demo-client-secret' };
const ADMIN = { clientId: 'cs-demo-admin', clientSecret: 'demo-admin-client-secret' };

/** What local programs keep on a machine, with the demo tenant's people in it. */
export interface Centre {
  /** What `--data-dir` is told. */
  readonly folder: string;
  readonly directory: Directory;
  readonly services: Services;
  readonly provisioning: TenantProvisioning;
  readonly simulator: Simulator;
  /** As the SCIM door takes a person in: an attempt is made at once. */
  arrive(person: Person): Promise<PersonRecord>;
  find(userName: string): Promise<PersonRecord>;
  /** What everybody was mapped with is noted, as the drain does before it begins. */
  notice(): Promise<void>;
  close(): void;
}

/** @param folder where an earlier one was made; without it an empty one is */
export function openCentre(folder: string, behaviour: BehaviourInput = {}): Centre {
  const table = openSqliteTable(join(folder, 'directory.sqlite'), systemClock);
  return { ...centreOn(table, behaviour), folder, close: () => table.close() };
}

/** The same over any table. */
export function centreOn(table: Table, behaviour: BehaviourInput = {}): Omit<Centre, 'folder' | 'close'> {
  const directory = openDirectory(table, systemClock);
  const simulator = simulatorOf({ callsPerMinute: 3_000, ...behaviour });
  const secret = { ...CLIENT, admin: ADMIN, scimTokens: [], sources: {}, keys: [] };
  const services = openServices({
    directory,
    secrets: { get: async () => secret, refresh: async () => secret },
    transport: simulator.transport(),
    clock: systemClock,
    random: Math.random,
    randomId: () => uuidv7(),
    log: silentLog,
    metrics: silentMetrics,
    ring: async () => {},
  });
  const shipped = demoTenant();
  // No test waits for a free call: evenly paced, the first ten of back-fill would take as many seconds.
  const smartassist = { ...shipped.smartassist, callsPerMinute: 3_000 };
  const provisioning = openTenant(TENANT, { ...shipped, smartassist }, services);
  const find = async (userName: string) => {
    const [record] = await directory.findPerson(TENANT, { attribute: 'userName', value: userName });
    if (record === undefined) throw new Error(`nobody is ${userName}`);
    return record;
  };
  return {
    directory,
    services,
    provisioning,
    simulator,
    arrive: async (person) => {
      const [before] = await directory.findPerson(TENANT, { attribute: 'userName', value: person.userName });
      const accepted = await acceptInline(provisioning, services, {
        person,
        source: 'scim',
        priority: PRIORITY.interactive,
        inline: { urgency: 'interactive', deadline: Date.now() + 60_000 },
        ...(before === undefined ? {} : { before }),
      });
      if (accepted.outcome !== 'stored') throw new Error(JSON.stringify(accepted));
      return accepted.record;
    },
    find,
    notice: () => detectConfigurationChange(provisioning, services),
  };
}

/** A SmartAssist that the demo tenant's credentials open. */
export function simulatorOf(behaviour: BehaviourInput = {}): Simulator {
  const { streamId, accountId, profile } = demoTenant().smartassist;
  return createSimulator({
    clock: systemClock,
    random: Math.random,
    credentials: () => [CLIENT],
    admin: () => [ADMIN],
    streamId,
    profile,
    behaviour,
    ...(accountId === undefined ? {} : { accountId }),
  });
}

export function person(name: string, department: string, changes: Partial<Person> = {}): Person {
  const userName = `${name}@example.com`;
  return {
    userName,
    active: true,
    name: { givenName: name[0]?.toUpperCase() + name.slice(1), familyName: 'Example' },
    emails: [{ value: userName, type: 'work', primary: true }],
    [ENTERPRISE]: { department },
    ...changes,
  };
}

/** Two in Billing, the first of whom speaks German, one in Support, five in Sales: all of them agents. */
export const PEOPLE: readonly Person[] = [
  person('ada', 'Billing', { preferredLanguage: 'de-DE' }),
  person('bob', 'Billing'),
  person('grace', 'Support'),
  ...['kim', 'lee', 'max', 'ned', 'pat'].map((name) => person(name, 'Sales')),
];

/** A folder of a test, with the people of the centre in `data` and SmartAssist's names in `catalogue.json`. */
export async function prepareCentre() {
  const root = mkdtempSync(join(tmpdir(), 'agent-provisioner-cli-'));
  const at = (name: string) => join(root, name);
  const write = (name: string, content: string | Uint8Array): string => {
    writeFileSync(at(name), content);
    return at(name);
  };
  const folder = emptyData(root, 'data');
  const centre = openCentre(folder);
  for (const each of PEOPLE) await centre.arrive(each);
  await centre.notice();
  centre.close();
  return {
    data: folder,
    catalogue: write('catalogue.json', JSON.stringify(demoCatalogue)),
    at,
    write,
    /** The shipped configuration with other words in it. */
    configuration: (name: string, ...changes: readonly (readonly [from: string, to: string])[]): string => {
      let text = readFileSync('provisioner.yaml', 'utf8');
      for (const [from, to] of changes) {
        if (!text.includes(from)) throw new Error(`provisioner.yaml has no ${from}`);
        text = text.replace(from, to);
      }
      return write(name, text);
    },
    /** The same people once more, for a test that changes something. */
    copy: (name: string): string => {
      cpSync(folder, at(name), { recursive: true });
      return at(name);
    },
    copyOf: (from: string, to: string) => cpSync(from, to, { recursive: true }),
    /** A directory without persons. */
    empty: (name: string): string => emptyData(root, name),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

function emptyData(root: string, name: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  openSqliteTable(join(folder, 'directory.sqlite'), systemClock).close();
  return folder;
}
