import { rolesOf } from '../../mapping/payload/names.ts';
import { entitlementId } from '../../mapping/rules/entitlement.ts';
import { compact } from '../../runtime/compact.ts';
import { isObject, type Resource } from '../../scim-core/resource/resource.ts';
import type { Catalogue } from '../../smartassist/catalogue.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import { PROFICIENCIES, type RequestedEntitlement } from '../../tenant/vocabulary.ts';
import type { EntitlementKind } from './kinds.ts';

/** Something of SmartAssist that can be granted, before it becomes resources. */
interface Offer {
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
}

type Offers = (catalogue: Catalogue, tenant: TenantConfiguration) => readonly Offer[];

const OFFERS: Readonly<Record<RequestedEntitlement, Offers>> = {
  skills: ({ skills }) =>
    skills.map(({ id, name, group }) => ({
      id,
      displayName: `${group}/${name}`,
      description: `The skill ${name} of the skill group ${group}`,
    })),
  queues: ({ queues }) =>
    queues.map(({ id, name }) => ({ id, displayName: name, description: `Serves the queue ${name}` })),
  agentGroup: ({ agentGroups }) =>
    agentGroups
      // Out of service is no place to ask for.
      .filter(({ isUnassigned }) => !isUnassigned)
      .map(({ id, name }) => ({ id, displayName: name, description: `In the agent group ${name}` })),
  languages: (_, tenant) =>
    languagesOf(tenant).map((language) => ({
      id: language,
      displayName: languageName(language),
      description: `Speaks or writes ${languageName(language)}`,
    })),
  role: (catalogue, { roles }) =>
    rolesOf(catalogue, roles ?? {}).map(({ id, name }) => ({
      id,
      displayName: name,
      description: `The role ${name} in SmartAssist`,
    })),
};

/** Okta takes so many letters of a description. */
const MOST_DESCRIPTION = 1_000;

/** Everything of a kind that can be granted, by name. */
export function entitlementResources(
  kind: EntitlementKind,
  catalogue: Catalogue,
  tenant: TenantConfiguration,
  baseUrl: string,
): Resource[] {
  const isLevelled = kind.wish === 'skills' || kind.wish === 'languages';
  const levels =
    isLevelled && tenant.entitlements.proficiency === 'levels' ? PROFICIENCIES : ([undefined] as const);
  return OFFERS[kind.wish](catalogue, tenant)
    .toSorted((a, b) => a.displayName.localeCompare(b.displayName, 'en') || (a.id < b.id ? -1 : 1))
    .flatMap(({ id: name, displayName, description }) =>
      levels.map((proficiency) => {
        const id = entitlementId({
          wish: kind.wish,
          name,
          ...compact({ proficiency }),
        });
        const suffix = proficiency === undefined ? '' : ` (${proficiency})`;
        return {
          schemas: [kind.core.id],
          id,
          displayName: `${displayName}${suffix}`,
          ...compact({ type: kind.wish === 'role' ? undefined : kind.name }),
          description: `${description}${suffix}`.slice(0, MOST_DESCRIPTION),
          meta: {
            resourceType: kind.name,
            location: `${baseUrl}${kind.endpoint}/${encodeURIComponent(id)}`,
          },
        };
      }),
    );
}

/** The languages that the tenant offers, or else those of its rules, each once. */
function languagesOf({ entitlements, rules }: TenantConfiguration): string[] {
  return entitlements.languages ?? [...new Set(languagesIn(rules))];
}

/** Every `language` that is written out in rules; what is taken from a person isn't known. */
function languagesIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(languagesIn);
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, part]) =>
    key === 'language' && typeof part === 'string' ? [part] : languagesIn(part),
  );
}

/** `German (de)`; the code alone where it is none of a language. */
function languageName(code: string): string {
  try {
    const name = new Intl.DisplayNames(['en'], { type: 'language', fallback: 'none' }).of(code);
    return name === undefined ? code : `${name} (${code})`;
  } catch {
    return code;
  }
}
