import { type Attribute, findAttribute, USER } from '../schema.ts';
import { parsedJson } from './json.ts';
import { isObject } from './resource.ts';

/** Where an identity provider writes what it assigned (RFC 7643 section 4.1.2). */
const ASSIGNED: ReadonlySet<Attribute | undefined> = new Set(
  ['roles', 'entitlements'].map((name) => findAttribute(USER.attributes, name)),
);
const VALUES: ReadonlySet<Attribute | undefined> = new Set(
  [...ASSIGNED].map((attribute) => findAttribute(attribute?.subAttributes ?? [], 'value')),
);

/** What Entra ID says of an app role, as parts of the element. Its `id` is the one in Entra ID, and means nothing here. */
export interface AppRole {
  readonly value: string | undefined;
  readonly display: string | undefined;
}

/** Whether elements of this attribute may be app roles. */
export function isAssigned(attribute: Attribute): boolean {
  return ASSIGNED.has(attribute);
}

/** Whether this is the `value` of an attribute whose elements may be app roles. */
export function isAssignedValue(attribute: Attribute): boolean {
  return VALUES.has(attribute);
}

/**
 * Reads the app role that a `value` has in it: Entra ID writes one in a PATCH as JSON in a text,
 * `"{\"id\":\"06b07648-…\",\"value\":\"Admin\",\"displayName\":\"Admin\"}"`. One without a value of its own has its name
 * alone.
 *
 * @see https://learn.microsoft.com/entra/identity/app-provisioning/customize-application-attributes#provisioning-a-role-to-a-scim-app
 * @returns undefined for any other value
 */
export function readAppRole(input: unknown): AppRole | undefined {
  const json = typeof input === 'string' ? parsedJson(input) : input;
  if (!isObject(json)) return undefined;
  const parts = new Map(Object.entries(json).map(([name, part]) => [name.toLowerCase(), part]));
  const [value, display] = [
    textOf(parts.get('value')),
    textOf(parts.get('display') ?? parts.get('displayname')),
  ];
  return value === undefined && display === undefined ? undefined : { value, display };
}

/** An element as it is kept, also one that was stored before app roles were read. */
export function withAppRole(element: unknown): unknown {
  if (!isObject(element)) return element;
  const role = typeof element.value === 'string' ? readAppRole(element.value) : undefined;
  if (role === undefined) return element;
  const { value: _, display = role.display, ...rest } = element;
  return Object.fromEntries(
    Object.entries({ ...rest, display, value: role.value }).filter(([, part]) => part !== undefined),
  );
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
