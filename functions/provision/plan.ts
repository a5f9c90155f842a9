import type { Directory } from '../directory/directory.ts';
import type { Membership } from '../directory/group.ts';
import type { PersonRecord } from '../directory/record.ts';
import type { Mapping } from '../mapping/compile.ts';
import type { Mapped, MappingProblem } from '../mapping/desired/desired-agent.ts';
import { initialFieldsOf, initialKeysOf } from '../mapping/ownership.ts';
import { planHash, toPayload } from '../mapping/payload/payload.ts';
import { nextChange } from '../mapping/rules/dates.ts';
import { compact } from '../runtime/compact.ts';
import type { Person } from '../scim-core/person.ts';
import type { Catalogue, CatalogueStore } from '../smartassist/catalogue.ts';
import type { CallTerms } from '../smartassist/client.ts';
import type { Failure, Outcome } from '../smartassist/outcome.ts';
import type { AgentPayload } from '../smartassist/payload.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';
import { SecretError } from '../tenant/secrets/secret-error.ts';
import { hasAgent } from './agent/presence.ts';
import { undoUntil } from './agent/undo.ts';
import { originOf } from './attribute-source.ts';

/** What today's person, rules and catalogue make of a record. */
export type Plan =
  | {
      readonly kind: 'agent';
      readonly payload: AgentPayload;
      readonly hash: string;
      readonly mapped: Mapped;
      /** Epoch milliseconds: when rules make something else of the person by themselves. */
      readonly changesAt?: number;
      readonly catalogue: Catalogue;
    }
  /** To be an agent, but not as it stands: every reason. */
  | {
      readonly kind: 'invalid';
      readonly problems: readonly MappingProblem[];
      readonly changesAt?: number;
    }
  /** To be an agent; but names that it needs can't be read at present, and why. */
  | { readonly kind: 'unreadable'; readonly problems: readonly MappingProblem[] }
  /** Not to be an agent, and there is none. */
  | { readonly kind: 'nothing' }
  /** Not to be an agent any more: out of service. */
  | { readonly kind: 'suspend'; readonly unassignedGroupId: string }
  /** Not to be an agent any more, and the tenant opted for deleting. */
  | {
      readonly kind: 'remove';
      /** The user of the account goes as well. */
      readonly alsoUser: boolean;
    }
  /** Deleted so soon that the agent, if it was never online, was a test: deleted, else out of service. */
  | { readonly kind: 'undo'; readonly unassignedGroupId: string }
  /** Not to be an agent any more, but to be left as it is: the tenant's or an operator's decision. */
  | { readonly kind: 'keep' }
  /** The catalogue can't be read at the moment: no answer, or no credentials to ask with. */
  | { readonly kind: 'unavailable'; readonly failure: Failure | SecretError };

/** An agent that can be had, without the hash that tells whether it is as it should be. */
type Made = Omit<Extract<Plan, { kind: 'agent' }>, 'hash'>;
/** Why an agent can't be had. */
type Unmade = Extract<Plan, { kind: 'invalid' | 'unreadable' | 'unavailable' }>;

export interface Planner {
  readonly mapping: Mapping;
  /** Fields of which SmartAssist's value stays once an agent is made, as configuration calls them. */
  readonly initial: readonly string[];
  /** @param groups those of the person, where they are known; else they are read */
  plan(record: PersonRecord, terms: CallTerms, groups?: readonly Membership[]): Promise<Plan>;
  /** What the agent of a person is who is in the directory; undefined where there would be none. */
  mapped(record: PersonRecord, terms: CallTerms, groups: readonly Membership[]): Promise<Mapped | undefined>;
  /** Whether the plan is `nothing`, which is known without a call. */
  isNothing(record: PersonRecord, groups: readonly Membership[]): boolean;
}

/** Plans records of one tenant. A name that the catalogue lacks makes it look for a newer catalogue once. */
export function openPlanner(options: {
  readonly tenant: TenantConfiguration;
  readonly mapping: Mapping;
  readonly catalogue: CatalogueStore;
  readonly directory: Directory;
  readonly now: () => number;
}): Planner {
  const { tenant, mapping, directory, now } = options;
  const theirs = initialFieldsOf(tenant);
  const catalogue = {
    get: (terms: CallTerms) => orSecretError(options.catalogue.get(terms)),
    getNewer: (than: Catalogue, terms: CallTerms) => orSecretError(options.catalogue.getNewer(than, terms)),
  };

  /** What a person who is to be an agent comes to: the agent, or why it can't be had. */
  const make = async (record: PersonRecord, person: Person, terms: CallTerms): Promise<Made | Unmade> => {
    const mapped = mapping.map(person, (attribute) => originOf(record, attribute), now());
    const change = compact({ changesAt: nextChange(mapped.dates) });
    const resolve = (known: Catalogue) =>
      toPayload(mapped, {
        catalogue: known,
        profile: tenant.smartassist.profile,
        roles: tenant.roles,
        customId: record.agent.customId,
        paths: tenant.agent,
      });
    const known = await catalogue.get(terms);
    if (!isRead(known)) return { kind: 'unavailable', failure: known };
    let used = known.value;
    let result = resolve(used);
    if ('unknownName' in result && result.unknownName) {
      const newer = await catalogue.getNewer(used, terms);
      // When SmartAssist can't be asked, what is known has to do.
      if (isRead(newer) && newer.value.readAt !== used.readAt) {
        used = newer.value;
        result = resolve(used);
      }
    }
    if (!('payload' in result)) {
      const { problems } = result;
      return result.onlyUnreadable === true
        ? { kind: 'unreadable', problems }
        : { kind: 'invalid', problems, ...change };
    }
    return { kind: 'agent', payload: result.payload, mapped, catalogue: used, ...change };
  };

  const agent = async (record: PersonRecord, person: Person, terms: CallTerms): Promise<Plan> => {
    const made = await make(record, person, terms);
    if (made.kind !== 'agent') return made;
    const hash = planHash(made.payload, record.agent, theirs);
    return record.discarded === hash ? { kind: 'keep' } : { ...made, hash };
  };

  const suspend = async (terms: CallTerms): Promise<Plan> => {
    const known = await catalogue.get(terms);
    if (!isRead(known)) return { kind: 'unavailable', failure: known };
    const unassigned = known.value.agentGroups.find(({ isUnassigned }) => isUnassigned);
    if (unassigned !== undefined) return { kind: 'suspend', unassignedGroupId: unassigned.id };
    const unread = known.value.unread?.agentGroups;
    if (unread !== undefined) {
      return { kind: 'unreadable', problems: [{ field: 'agentGroup', message: unread.reason }] };
    }
    const message = 'SmartAssist lists no Unassigned group, so nobody can be put out of service';
    return { kind: 'invalid', problems: [{ field: 'agentGroup', message }] };
  };

  /** Whether no agent is there, as far as it is known for certain. */
  const hasNone = (record: PersonRecord): boolean => {
    // A lease that is still there is a dead function's: its create may be out there.
    const isUnknown = record.attempts.unknown || record.lease !== undefined;
    return !hasAgent(record) && !isUnknown;
  };

  return {
    mapping,
    initial: initialKeysOf(tenant),
    isNothing: (record, groups) =>
      hasNone(record) &&
      (record.deletedAt !== undefined || !mapping.wants(withGroups(record.person, groups))),
    mapped: async (record, terms, groups) => {
      const person = withGroups(record.person, groups);
      if (!mapping.wants(person)) return undefined;
      const made = await make(record, person, terms);
      return made.kind === 'agent' ? made.mapped : undefined;
    },
    plan: async (record, terms, known) => {
      if (record.deletedAt === undefined) {
        const groups = known ?? (await directory.groupsOf(record.tenant, record.id));
        const person = withGroups(record.person, groups);
        if (mapping.wants(person)) return agent(record, person, terms);
      }
      if (hasNone(record)) return { kind: 'nothing' };
      if (record.discarded === true) return { kind: 'keep' };
      if (record.deletedAt !== undefined) {
        const { onDelete } = tenant.lifecycle;
        if (onDelete !== 'suspend') return { kind: 'remove', alsoUser: onDelete === 'removeUser' };
        const plan = await suspend(terms);
        return plan.kind === 'suspend' && now() < undoUntil(record.agent, tenant.lifecycle)
          ? { ...plan, kind: 'undo' }
          : plan;
      }
      return tenant.lifecycle.onDeactivate === 'ignore' ? { kind: 'keep' } : suspend(terms);
    },
  };
}

/** Credentials that can't be read are no reason to refuse a person: as without an answer, it waits. */
function orSecretError<Value>(reading: Promise<Value>): Promise<Value | SecretError> {
  return reading.catch((error: unknown) => {
    if (error instanceof SecretError) return error;
    throw error;
  });
}

function isRead(
  found: Outcome<Catalogue> | SecretError,
): found is Extract<Outcome<Catalogue>, { outcome: 'ok' }> {
  return !(found instanceof SecretError) && found.outcome === 'ok';
}

/** The person with the groups that it is a member of, as rules see it. */
export function withGroups(person: Person, groups: readonly Membership[]): Person {
  if (groups.length === 0) return person;
  return { ...person, groups: groups.map(({ id, display }) => ({ value: id, display })) };
}
