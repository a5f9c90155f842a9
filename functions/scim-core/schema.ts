import { AGENT_EXTENSION } from './schema/agent.ts';
import { type Attribute, complex, type Schema } from './schema/attribute.ts';
import { COMMON_ATTRIBUTES } from './schema/common.ts';
import { ENTERPRISE_USER } from './schema/enterprise.ts';
import { GROUP } from './schema/group.ts';
import { USER } from './schema/user.ts';

export type { Attribute, Schema };
export { AGENT_EXTENSION, COMMON_ATTRIBUTES, ENTERPRISE_USER, GROUP, USER };

/** A resource type (RFC 7643 section 6): its endpoint, its core schema and the extensions it may carry. */
export interface ResourceKind {
  readonly name: string;
  /** Below the base URL, with a slash before it. */
  readonly endpoint: string;
  /** What it is, where its schema doesn't say it. */
  readonly description?: string;
  readonly core: Schema;
  readonly extensions: readonly Schema[];
}

export const USER_KIND: ResourceKind = {
  name: 'User',
  endpoint: '/Users',
  core: USER,
  extensions: [ENTERPRISE_USER, AGENT_EXTENSION],
};

export const GROUP_KIND: ResourceKind = { name: 'Group', endpoint: '/Groups', core: GROUP, extensions: [] };

/** Mistyped URNs that identity providers really send, and what they mean (E12). */
const MISTYPED: ReadonlyMap<Schema, string> = new Map([
  [ENTERPRISE_USER, 'urn:ietf:params:scim:schemas:extension:enterprise:2.0User'],
]);

const byName = new WeakMap<readonly Attribute[], ReadonlyMap<string, Attribute>>();
const topLevel = new WeakMap<ResourceKind, readonly Attribute[]>();
const containers = new WeakMap<Schema, Attribute>();

/** The attribute of that name, in whatever case it is written (RFC 7643 section 2.1). */
export function findAttribute(attributes: readonly Attribute[], name: string): Attribute | undefined {
  let index = byName.get(attributes);
  if (index === undefined) {
    index = new Map(attributes.map((each) => [each.name.toLowerCase(), each]));
    byName.set(attributes, index);
  }
  return index.get(name.toLowerCase());
}

/** The attributes a resource of this kind has outside extensions: the common ones and those of its core schema. */
export function coreAttributes(kind: ResourceKind): readonly Attribute[] {
  let attributes = topLevel.get(kind);
  if (attributes === undefined) {
    attributes = [...COMMON_ATTRIBUTES, ...kind.core.attributes];
    topLevel.set(kind, attributes);
  }
  return attributes;
}

/** An extension as the complex attribute it is in a resource: named by its URN, its attributes the sub-attributes. */
export function extensionAttribute(extension: Schema): Attribute {
  let container = containers.get(extension);
  if (container === undefined) {
    container = complex(extension.id, extension.attributes);
    containers.set(extension, container);
  }
  return container;
}

/**
 * Splits a leading schema URN off: `…:User:manager` and, as Entra ID writes it (E8), `…:User.manager`.
 * Answers the schema and the rest (empty when the text is the URN alone), or `undefined` when no schema of `kind` leads.
 */
export function splitUrn(text: string, kind: ResourceKind): { schema: Schema; rest: string } | undefined {
  if (!/^urn:/i.test(text)) return undefined;
  const lower = text.toLowerCase();
  for (const schema of [kind.core, ...kind.extensions]) {
    for (const urn of [schema.id, MISTYPED.get(schema) ?? schema.id]) {
      if (!lower.startsWith(urn.toLowerCase())) continue;
      const next = text[urn.length];
      if (next === undefined) return { schema, rest: '' };
      if (next === ':' || next === '.') return { schema, rest: text.slice(urn.length + 1) };
    }
  }
  return undefined;
}

/**
 * The sub-attribute that stands for the whole element where only one value is given (`"skills": ["Refunds"]`) or
 * compared (`emails co "@example.com"`): `value`, or else the only one that is required.
 */
export function defaultSubAttribute(attribute: Attribute): Attribute | undefined {
  const subAttributes = attribute.subAttributes ?? [];
  return findAttribute(subAttributes, 'value') ?? subAttributes.find((sub) => sub.required);
}
