import type { Directory } from '../directory/directory.ts';
import type { PersonRecord } from '../directory/record.ts';
import type { Mapping } from '../mapping/compile.ts';
import type { Mapped, MappingProblem } from '../mapping/desired.ts';
import { payloadHash, toPayload } from '../mapping/payload.ts';
import type { CatalogueStore } from '../smartassist/catalogue.ts';
import type { CallTerms } from '../smartassist/client.ts';
import type { Failure } from '../smartassist/outcome.ts';
import type { AgentPayload } from '../smartassist/payload.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';

/** What today's person, rules and catalogue make of a record. */
export type Plan =
  /** Not to be an agent: `provisionWhen` says no. */
  | { readonly kind: 'not-wanted' }
  /** To be an agent, but not as it stands: every reason. */
  | { readonly kind: 'invalid'; readonly problems: readonly MappingProblem[] }
  /** The catalogue can't be read at the moment. */
  | { readonly kind: 'unavailable'; readonly failure: Failure }
  | {
      readonly kind: 'agent';
      readonly payload: AgentPayload;
      readonly hash: string;
      readonly mapped: Mapped;
    };

export interface Planner {
  plan(record: PersonRecord, terms: CallTerms): Promise<Plan>;
}

/** Plans records of one tenant. A name that the catalogue lacks makes it look for a newer catalogue once. */
export function openPlanner(options: {
  readonly tenant: TenantConfiguration;
  readonly mapping: Mapping;
  readonly catalogue: CatalogueStore;
  readonly directory: Directory;
}): Planner {
  const { tenant, mapping, catalogue, directory } = options;
  return {
    plan: async (record, terms) => {
      const groups = await directory.groupsOf(record.tenant, record.id);
      const person =
        groups.length === 0
          ? record.person
          : { ...record.person, groups: groups.map(({ id, display }) => ({ value: id, display })) };
      if (!mapping.wants(person)) return { kind: 'not-wanted' };
      const mapped = mapping.map(person);
      const resolve = (known: Parameters<typeof toPayload>[1]['catalogue']) =>
        toPayload(mapped, {
          catalogue: known,
          profile: tenant.smartassist.profile,
          customId: record.agent.customId,
          paths: tenant.agent,
        });
      const known = await catalogue.get(terms);
      if (known.outcome !== 'ok') return { kind: 'unavailable', failure: known };
      let result = resolve(known.value);
      if ('unknownName' in result && result.unknownName) {
        const newer = await catalogue.getNewer(known.value, terms);
        // When SmartAssist can't be asked, what is known has to do: the answer would be the same a minute later.
        if (newer.outcome === 'ok') result = resolve(newer.value);
      }
      return 'payload' in result
        ? { kind: 'agent', payload: result.payload, hash: payloadHash(result.payload), mapped }
        : { kind: 'invalid', problems: result.problems };
    },
  };
}
