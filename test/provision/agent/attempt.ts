import type { PersonRecord } from '../../../functions/directory/record.ts';
import { type Holding, portsOf } from '../../../functions/provision/agent/open-ports.ts';
import type { Ports } from '../../../functions/provision/agent/ports.ts';
import { customIdOf } from '../../../functions/provision/custom-id.ts';
import type { Person } from '../../../functions/scim-core/person.ts';
import type { CallTerms } from '../../../functions/smartassist/client.ts';
import type { TenantConfiguration } from '../../../functions/tenant/configuration.ts';
import type { BehaviourInput } from '../../../local/simulator/behaviour.ts';
import { aPerson } from '../../contract/directory.ts';
import { START } from '../../local/simulator-bench.ts';
import { type ProvisionBench, person, provisionBench } from '../bench.ts';

const AT = new Date(START).toISOString();

/** A person of the demo tenant as the directory keeps one: due and without an agent, where nothing else is said. */
export function recordOf(id: string, changes: Partial<PersonRecord> = {}): PersonRecord {
  const { state = 'due' } = changes;
  return aPerson('demo', id, {
    createdAt: AT,
    updatedAt: AT,
    source: 'test',
    person: person(id),
    state,
    ...(state === 'due' ? { dueAt: AT, dueSince: AT } : {}),
    agent: { customId: customIdOf('demo', id), presence: 'none' },
    ...changes,
  });
}

export const mail = (name: string) => `${name}@example.com`;

/** A person whose agent is to have the address of a name. */
export const named = (id: string, name: string): Person =>
  person(id, { userName: id, emails: [{ value: mail(name), type: 'work', primary: true }] });

/** As `recordOf`, of a person whose agent is in service. */
export function withAgent(
  id: string,
  agent: Partial<PersonRecord['agent']> = {},
  changes: Partial<PersonRecord> = {},
): PersonRecord {
  const customId = customIdOf('demo', id);
  return recordOf(id, {
    state: 'provisioned',
    agent: { customId, emailId: `${id}@example.com`, presence: 'active', ...agent },
    ...changes,
  });
}

export async function store({ directory }: Pick<ProvisionBench, 'directory'>, record: PersonRecord) {
  const written = await directory.createPerson(record);
  if (!written.ok) throw new Error(`${record.id} is there already`);
  return record;
}

/** The record under the lease of another function, which took it over from the one that attempts. */
export async function loseLease({ directory }: ProvisionBench, { tenant, id }: PersonRecord): Promise<void> {
  const record = await directory.readPerson(tenant, id);
  if (record === undefined) throw new Error('the record is gone');
  const lease = { holder: 'another function', until: START + 3_600_000 };
  const written = await directory.updatePerson(record, { ...record, version: record.version + 1, lease });
  if (!written.ok) throw new Error(written.reason);
}

/** What one attempt at a stored record works with: its ports at the bench's simulator, and a minute for its calls. */
export interface Begun {
  readonly bench: ProvisionBench;
  readonly holding: Holding;
  readonly ports: Ports;
  readonly terms: CallTerms;
}

export async function beginAttempt(
  record: PersonRecord,
  options: { readonly behaviour?: BehaviourInput; readonly tenant?: Partial<TenantConfiguration> } = {},
): Promise<Begun> {
  const bench = provisionBench(options);
  const lease = { holder: 'this function', until: START + 60_000 };
  const holding = { record: await store(bench, { ...record, lease }) };
  await bench.provisioning.organization.learn(bench.simulator.orgId);
  return {
    bench,
    holding,
    ports: portsOf(bench.provisioning, bench.services, holding),
    terms: { urgency: 'begun', deadline: START + 3_600_000 },
  };
}

/** Of a tenant whose agents carry no key of ours. */
export function unkeyed(): Partial<TenantConfiguration> {
  const { agent } = provisionBench().provisioning.tenant;
  return { agent: { ...agent, customId: { from: 'none' } } };
}
