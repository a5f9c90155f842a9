import type { ResourceKind } from '../schema.ts';

/** A SCIM resource in the schema's own spelling: attributes by name, those of an extension under its URN. */
export type Resource = Readonly<Record<string, unknown>>;

/** A JSON object: neither `null` nor an array. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The `schemas` of a resource: its core schema and the extensions it has values of (RFC 7643 section 3). */
export function schemasOf(resource: Resource, kind: ResourceKind): string[] {
  return [kind.core, ...kind.extensions]
    .map(({ id }) => id)
    .filter((id) => id === kind.core.id || id in resource);
}

/** Whether a name is the URN of the core schema, in whatever case. */
export function isCoreUrn(name: string, { core }: ResourceKind): boolean {
  return name.length === core.id.length && name.toLowerCase() === core.id.toLowerCase();
}

/** A body with the attributes that some clients put under the URN of the core schema, as those of an extension, beside the others. */
export function openCore(body: Resource, kind: ResourceKind): Resource {
  const urn = Object.keys(body).find((name) => isCoreUrn(name, kind));
  const within = urn === undefined ? undefined : body[urn];
  if (urn === undefined || !isObject(within)) return body;
  const { [urn]: _, ...others } = body;
  return { ...others, ...within };
}

/** Whether two JSON values say the same; the order of an object's members doesn't count. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a)) {
    return (
      Array.isArray(b) && a.length === b.length && a.every((element, index) => sameValue(element, b[index]))
    );
  }
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && sameValue(a[name], b[name]))
  );
}
