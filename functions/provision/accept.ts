import type { Membership } from '../directory/group.ts';
import type { PersonRecord, Priority } from '../directory/record.ts';
import { timestamp } from '../runtime/clock.ts';
import { compact } from '../runtime/compact.ts';
import type { Person } from '../scim-core/person.ts';
import type { CallTerms } from '../smartassist/client.ts';
import { customIdOf } from './custom-id.ts';
import { due } from './lifecycle.ts';
import type { Services } from './services.ts';

/** A person as a source has it now. */
export interface IncomingPerson {
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
  /** The record's origins as they are from now on; without it they stay. */
  readonly origins?: NonNullable<PersonRecord['origins']>;
  /** The groups that the person is in, read after `before` was; read here where nothing is said. */
  readonly groups?: readonly Membership[];
  /** Until when an attempt may be made at once; without it the drain does all of it. */
  readonly inline?: CallTerms;
}

/** What storing a person comes to. */
export type Accepted =
  /** Stored; `record.state` says how far it is. */
  | { readonly outcome: 'stored'; readonly record: PersonRecord }
  /** Not stored: another person has the userName. */
  | { readonly outcome: 'userName-taken'; readonly id: string }
  /** Not stored: another writer changed the record since it was read. */
  | { readonly outcome: 'changed' };

/**
 * Stores a person under one conditional write and rings; the drain does the rest. On its own the way in for sources that
 * wait for no answer of SmartAssist: it loads nothing that only provisioning needs.
 *
 * @example
 * const [before] = await services.directory.findPerson('demo', { attribute: 'userName', value: person.userName });
 * const accepted = await accept('demo', services, {
 *   person,
 *   source: 'payroll',
 *   priority: PRIORITY.interactive,
 *   ...compact({ before }),
 * });
 * if (accepted.outcome === 'changed') return tryAgain();
 */
export async function accept(
  tenant: string,
  services: Services,
  incoming: IncomingPerson,
): Promise<Accepted> {
  return announce(await store(services, incoming.before, nextRecord(tenant, services, incoming)), services);
}

/** Counts what is stored and rings for what is left to do. */
export async function announce(accepted: Accepted, { ring, metrics }: Services): Promise<Accepted> {
  if (accepted.outcome !== 'stored') return accepted;
  const { tenant, state } = accepted.record;
  metrics.count('Accepted', { tenant });
  if (state === 'due') await ring(tenant);
  return accepted;
}

/** The record as it is to be stored: due, with the person as it is now. */
export function nextRecord(
  tenant: string,
  { clock, randomId }: Services,
  incoming: IncomingPerson,
): PersonRecord {
  const { before, person, source, priority, deleted, links, origins } = incoming;
  const now = clock.now();
  const at = timestamp(now);
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
        ...compact({ links, origins }),
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
      // A person who comes back is new to every reader of meta.created.
      ...compact({
        createdAt: before.deletedAt === undefined || deleted === true ? undefined : at,
        deletedAt: deleted === true ? (before.deletedAt ?? at) : undefined,
      }),
      source,
      ...compact({ links, origins }),
      person,
      priority,
    },
    now,
  );
}

/** Writes what is to be stored over what the caller read. */
export async function store(
  services: Services,
  before: PersonRecord | undefined,
  record: PersonRecord,
): Promise<Accepted> {
  const { directory } = services;
  const result =
    before === undefined
      ? await directory.createPerson(record)
      : await directory.updatePerson(before, record);
  if (result.ok) return { outcome: 'stored', record };
  return result.reason === 'conflict' ? { outcome: 'userName-taken', id: result.id } : { outcome: 'changed' };
}
