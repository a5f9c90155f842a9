import type { Person } from '../../scim-core/person.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import type { RequestedEntitlement } from '../../tenant/vocabulary.ts';
import { proficiencyOf } from '../values/value.ts';

/**
 * What an identity provider is offered, by the key of `wishes` that allows it: the name of the resource type, which is the
 * `type` of an assigned entitlement as well, and the word before the colon in its id.
 */
export const ENTITLEMENT_KINDS = {
  skills: { type: 'Skill', prefix: 'skill' },
  queues: { type: 'Queue', prefix: 'queue' },
  agentGroup: { type: 'AgentGroup', prefix: 'agentGroup' },
  languages: { type: 'Language', prefix: 'language' },
  role: { type: 'Role', prefix: 'role' },
} as const satisfies Record<RequestedEntitlement, { type: string; prefix: string }>;

const KINDS = Object.entries(ENTITLEMENT_KINDS) as [
  RequestedEntitlement,
  (typeof ENTITLEMENT_KINDS)[RequestedEntitlement],
][];

/** Attributes of a User (RFC 7643 section 4.1.2) in which entitlements come. */
export const ENTITLEMENT_ATTRIBUTES = ['entitlements', 'roles'] as const;
export type EntitlementAttribute = (typeof ENTITLEMENT_ATTRIBUTES)[number];

/** One assigned entitlement: what it is of, and its id or name in SmartAssist. */
export interface Entitlement {
  readonly wish: RequestedEntitlement;
  readonly name: string;
  readonly proficiency?: string;
}

/** The id of an entitlement, as it is offered and as it comes back: `skill:5f0c…`, `skill:5f0c…:expert`. */
export function entitlementId({ wish, name, proficiency }: Entitlement): string {
  const { prefix } = ENTITLEMENT_KINDS[wish];
  return proficiency === undefined ? `${prefix}:${name}` : `${prefix}:${name}:${proficiency}`;
}

/** What the elements of an attribute say, the primary one first, and the values of which nothing says what they are of. */
export function entitlementsIn(
  person: Person,
  attribute: EntitlementAttribute,
): { readonly known: readonly Entitlement[]; readonly unknown: readonly string[] } {
  const value = person[attribute];
  const known: Entitlement[] = [];
  const unknown: string[] = [];
  for (const element of Array.isArray(value) ? primaryFirst(value.filter(isObject)) : []) {
    const text = textOf(element.value);
    if (text === undefined) continue;
    const found = entitlementOf(text, element.type, attribute);
    if (found === undefined) unknown.push(text);
    else known.push(found);
  }
  return { known, unknown };
}

function entitlementOf(
  text: string,
  type: unknown,
  attribute: EntitlementAttribute,
): Entitlement | undefined {
  // An app role of Entra ID that was stored before they were read: no name of SmartAssist is JSON.
  if (text.startsWith('{')) return undefined;
  const colon = text.indexOf(':');
  const before = colon === -1 ? undefined : plain(text.slice(0, colon));
  const byPrefix = KINDS.find(([, { prefix }]) => plain(prefix) === before)?.[0];
  const wish = byPrefix ?? (attribute === 'roles' ? 'role' : wishOfType(type));
  if (wish === undefined) return undefined;
  const rest = (byPrefix === undefined ? text : text.slice(colon + 1)).trim();
  if (rest === '') return undefined;
  if (wish !== 'skills' && wish !== 'languages') return { wish, name: rest };
  const last = rest.lastIndexOf(':');
  const proficiency = last <= 0 ? undefined : proficiencyOf(rest.slice(last + 1));
  return proficiency === undefined
    ? { wish, name: rest }
    : { wish, name: rest.slice(0, last).trim(), proficiency };
}

/** Providers write a type as they like: `Skill`, `skills`, `Agent Group`. */
function wishOfType(type: unknown): RequestedEntitlement | undefined {
  const word = plain(textOf(type) ?? '');
  return KINDS.find(([key, kind]) =>
    [plain(kind.type), `${plain(kind.type)}s`, plain(key)].includes(word),
  )?.[0];
}

function plain(text: string): string {
  return text.replace(/[\s_-]/g, '').toLowerCase();
}

function primaryFirst(elements: readonly Readonly<Record<string, unknown>>[]) {
  return elements.toSorted((a, b) => Number(b.primary === true) - Number(a.primary === true));
}

function textOf(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  return text === '' ? undefined : text;
}
