import type { Directory } from '../directory/directory.ts';
import type { PersonRecord } from '../directory/record.ts';
import type { Mapping } from '../mapping/compile.ts';
import type { Mapped, MappingProblem } from '../mapping/desired.ts';
import { payloadHash, toPayload } from '../mapping/payload.ts';
import type { Person } from '../person/person.ts';
import type { Catalogue, CatalogueStore } from '../smartassist/catalogue.ts';
import type { CallTerms } from '../smartassist/client.ts';
import type { Failure } from '../smartassist/outcome.ts';
import type { AgentPayload } from '../smartassist/payload.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';

/** What today's person, rules and catalogue make of a record. */
export type Plan =
  | {
      readonly kind: 'agent';
      readonly payload: AgentPayload;
      readonly hash: string;
      readonly mapped: Mapped;
      readonly catalogue: Catalogue;
    }
  /** To be an agent, but not as it stands: every reason. */
  | { readonly kind: 'invalid'; readonly problems: readonly MappingProblem[] }
  /** Not to be an agent, and there is none. */
  | { readonly kind: 'nothing' }
  /** Not to be an agent any more: out of service. */
  | { readonly kind: 'suspend'; readonly unassignedGroupId: string }
  /** Not to be an agent any more, and the tenant opted for deleting. */
  | { readonly kind: 'remove' }
  /** Not to be an agent any more, but to be left as it is: the tenant's or somebody's own decision. */
  | { readonly kind: 'keep' }
  /** The catalogue can't be read at the moment. */
  | { readonly kind: 'unavailable'; readonly failure: Failure };

export interface Planner {
  /** @param isNew whoever was never stored is in no group: they aren't looked for */
  plan(record: PersonRecord, terms: CallTerms, isNew?: boolean): Promise<Plan>;
}

/**
 * An agent that we made so short a time ago has not worked yet: deleting it destroys nothing. Connection tests of
 * identity providers create somebody and delete them at once, and must leave nothing behind.
 */
const FRESH_MS = 10 * 60_000;

/** Plans records of one tenant. A name that the catalogue lacks makes it look for a newer catalogue once. */
export function openPlanner(options: {
  readonly tenant: TenantConfiguration;
  readonly mapping: Mapping;
  readonly catalogue: CatalogueStore;
  readonly directory: Directory;
  readonly now: () => number;
}): Planner {
  const { tenant, mapping, catalogue, directory, now } = options;

  const agent = async (record: PersonRecord, person: Person, terms: CallTerms): Promise<Plan> => {
    const mapped = mapping.map(person);
    const resolve = (known: Catalogue) =>
      toPayload(mapped, {
        catalogue: known,
        profile: tenant.smartassist.profile,
        customId: record.agent.customId,
        paths: tenant.agent,
      });
    const known = await catalogue.get(terms);
    if (known.outcome !== 'ok') return { kind: 'unavailable', failure: known };
    let used = known.value;
    let result = resolve(used);
    if ('unknownName' in result && result.unknownName) {
      const newer = await catalogue.getNewer(used, terms);
      // When SmartAssist can't be asked, what is known has to do.
      if (newer.outcome === 'ok' && newer.value.readAt !== used.readAt) {
        used = newer.value;
        result = resolve(used);
      }
    }
    if (!('payload' in result)) return { kind: 'invalid', problems: result.problems };
    const { payload } = result;
    return { kind: 'agent', payload, hash: payloadHash(payload), mapped, catalogue: used };
  };

  const suspend = async (terms: CallTerms): Promise<Plan> => {
    const known = await catalogue.get(terms);
    if (known.outcome !== 'ok') return { kind: 'unavailable', failure: known };
    const unassigned = known.value.agentGroups.find(({ isUnassigned }) => isUnassigned);
    if (unassigned !== undefined) return { kind: 'suspend', unassignedGroupId: unassigned.id };
    const message = 'SmartAssist lists no Unassigned group, so nobody can be put out of service';
    return { kind: 'invalid', problems: [{ field: 'agentGroup', message }] };
  };

  return {
    plan: async (record, terms, isNew = false) => {
      if (record.deletedAt === undefined) {
        const person = isNew ? record.person : await withGroups(record, directory);
        if (mapping.wants(person)) return agent(record, person, terms);
      }
      const { agent: known } = record;
      // A lease that is still there is a dead function's: its create may be out there.
      const isUnknown = record.attempts.unknown || record.lease !== undefined;
      const isThere = known.presence === 'active' || known.presence === 'suspended';
      if (!isThere && !isUnknown) return { kind: 'nothing' };
      if (record.discarded === true) return { kind: 'keep' };
      if (record.deletedAt !== undefined) {
        const isFresh = known.createdAt !== undefined && now() - Date.parse(known.createdAt) < FRESH_MS;
        return tenant.lifecycle.onDelete === 'remove' || isFresh ? { kind: 'remove' } : suspend(terms);
      }
      return tenant.lifecycle.onDeactivate === 'ignore' ? { kind: 'keep' } : suspend(terms);
    },
  };
}

/** The person with the groups that it is a member of now, as rules see it. */
export async function withGroups(record: PersonRecord, directory: Directory): Promise<Person> {
  const groups = await directory.groupsOf(record.tenant, record.id);
  if (groups.length === 0) return record.person;
  return { ...record.person, groups: groups.map(({ id, display }) => ({ value: id, display })) };
}
