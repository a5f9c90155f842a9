import type { PersonRecord, Priority } from '../directory/record.ts';
import type { MappingProblem } from '../mapping/desired.ts';
import type { Person } from '../person/person.ts';
import type { CallTerms } from '../smartassist/client.ts';
import { customIdOf } from './custom-id.ts';
import { due, isLeased, leased } from './lifecycle.ts';
import type { TenantProvisioning, World } from './provisioner.ts';
import { run } from './run.ts';

/** A person as a source has it now. */
export interface Arrival {
  readonly person: Person;
  /** The source's name; `scim` for the SCIM front door. */
  readonly source: string;
  readonly priority: Priority;
  /** The record as the caller read it; absent for a person who is new. */
  readonly before?: PersonRecord;
  /** The person is gone at the source. */
  readonly deleted?: boolean;
  /** The record's links as they are from now on; without it they stay. */
  readonly links?: NonNullable<PersonRecord['links']>;
  /** Until when an attempt may be made at once; without it the drain does all of it. */
  readonly inline?: CallTerms;
}

export type Accepted =
  /** Stored; `record.state` says how far it is. */
  | { readonly outcome: 'stored'; readonly record: PersonRecord }
  /** Not stored: another person has the userName. */
  | { readonly outcome: 'userName-taken'; readonly id: string }
  /** Not stored: somebody else changed the record since it was read. */
  | { readonly outcome: 'changed' }
  /** Not stored: the person can't become an agent. */
  | { readonly outcome: 'invalid'; readonly problems: readonly MappingProblem[] }
  /** Not stored (any more): SmartAssist refuses the agent. */
  | { readonly outcome: 'refused'; readonly status: number; readonly message: string };

/** A lease outlives the deadline by what writing the outcome may take. */
export const LEASE_MARGIN_MS = 5_000;

/**
 * The one way in for every source: stores the person under one conditional write and, where the caller waits, tries once
 * to provision. What the mapping or SmartAssist refuses isn't stored when somebody waits for the answer; everything else
 * that goes wrong leaves the record due, and the drain goes on with it.
 */
export async function accept(
  provisioning: TenantProvisioning,
  world: World,
  arrival: Arrival,
): Promise<Accepted> {
  const { clock } = world;
  const draft = draftOf(provisioning.name, world, arrival);
  const { inline } = arrival;
  // One hand per record: whoever has the lease sees the change when it writes its outcome.
  if (inline === undefined || isLeased(draft, clock.now()))
    return ringing(await store(world, arrival.before, draft), world);

  const plan = await provisioning.planner.plan(draft, inline);
  if (plan.kind === 'invalid') return { outcome: 'invalid', problems: plan.problems };
  const until = Math.max(inline.deadline, clock.now()) + LEASE_MARGIN_MS;
  const lease = leased(draft, world.randomId(), until);
  // Lease and person are one write, so it counts as one.
  const stored = await store(world, arrival.before, { ...lease, version: draft.version });
  if (stored.outcome !== 'stored') return stored;
  const { result, record } = await run(provisioning, world, stored.record, plan, inline);
  if (result.kind === 'refused' && plan.kind === 'agent' && (await takeBack(world, arrival.before, record))) {
    return { outcome: 'refused', status: result.status, message: result.message };
  }
  return ringing({ outcome: 'stored', record }, world);
}

/** Rings for what is left to do. The record is stored, so a doorbell that fails costs a minute and nothing else. */
async function ringing(accepted: Accepted, { ring, log }: World): Promise<Accepted> {
  if (accepted.outcome !== 'stored' || accepted.record.state !== 'due') return accepted;
  const { tenant } = accepted.record;
  await ring(tenant).catch((error: Error) =>
    log.warn('the doorbell failed', { tenant, reason: error.message }),
  );
  return accepted;
}

/** The record as it is to be stored: due, with the person as it is now. */
function draftOf(tenant: string, { clock, randomId }: World, arrival: Arrival): PersonRecord {
  const { before, person, source, priority, deleted, links } = arrival;
  const now = clock.now();
  const at = new Date(now).toISOString();
  if (before === undefined) {
    const id = randomId();
    return due(
      {
        tenant,
        id,
        version: 0,
        personVersion: 1,
        createdAt: at,
        updatedAt: at,
        source,
        ...(links === undefined ? {} : { links }),
        person,
        state: 'due',
        priority,
        agent: { customId: customIdOf(tenant, id), presence: 'none' },
        attempts: { count: 0, unknown: false },
      },
      now,
    );
  }
  const { deletedAt: _, ...rest } = before;
  return due(
    {
      ...rest,
      personVersion: before.personVersion + 1,
      updatedAt: at,
      // Somebody who comes back is new to everybody who looks.
      ...(before.deletedAt === undefined || deleted === true ? {} : { createdAt: at }),
      ...(deleted === true ? { deletedAt: before.deletedAt ?? at } : {}),
      source,
      ...(links === undefined ? {} : { links }),
      person,
      priority,
    },
    now,
  );
}

async function store(
  world: World,
  before: PersonRecord | undefined,
  record: PersonRecord,
): Promise<Accepted> {
  const { directory } = world;
  const result =
    before === undefined
      ? await directory.createPerson(record)
      : await directory.updatePerson(before, record);
  if (result.ok) return { outcome: 'stored', record };
  return result.reason === 'conflict' ? { outcome: 'userName-taken', id: result.id } : { outcome: 'changed' };
}

/** Takes a refused person out again, or puts back what stood there; false when somebody changed it meanwhile. */
async function takeBack(
  world: World,
  before: PersonRecord | undefined,
  refused: PersonRecord,
): Promise<boolean> {
  const { directory } = world;
  if (before === undefined) return (await directory.erasePerson(refused)).ok;
  const { lease: _, ...rest } = before;
  return (await directory.updatePerson(refused, { ...rest, version: refused.version + 1 })).ok;
}
