import { quote, ScimInputError } from '../error.ts';
import { nameOf } from '../path/name.ts';
import { type AttributePath, parseKnownPath } from '../path/path.ts';
import { complete } from '../resource/complete.ts';
import { type Entry, entriesIn, entriesOf } from '../resource/entry.ts';
import { isObject, type Resource, sameValue, schemasOf } from '../resource/resource.ts';
import type { ResourceKind } from '../schema.ts';
import { applyChange } from './change.ts';
import { type Operation, parseOperations } from './operation.ts';

export { type MemberChange, memberChanges } from './member.ts';

/**
 * Applies the `Operations` of a PATCH request to a resource (RFC 7644 section 3.5.2), all of them or none: it throws a
 * ScimInputError when one can't be applied or the result isn't a valid resource. The resource handed in is never
 * changed; when the operations come to nothing, it is itself the answer, and `changed` is false.
 * The members of a group are kept elsewhere: see `memberChanges`.
 */
export function applyPatch(
  resource: Resource,
  operations: unknown,
  kind: ResourceKind,
): { resource: Resource; changed: boolean } {
  const draft: Record<string, unknown> = { ...resource };
  for (const operation of parseOperations(operations, kind)) {
    for (const { path, input } of entriesFor(operation, kind)) applyChange(draft, operation.op, path, input);
  }
  const result = complete(draft, kind);
  // `schemas` is computed, so its absence or another order in the resource handed in is no difference.
  const changed = !sameValue({ ...resource, schemas: schemasOf(resource, kind) }, result);
  return changed ? { resource: result, changed } : { resource, changed };
}

/** The single changes that an operation comes down to; none when all it names is ignored. */
function entriesFor({ path: text, value }: Operation, kind: ResourceKind): Entry[] {
  if (text === undefined) {
    if (isObject(value)) return entriesOf(value, kind);
    throw new ScimInputError(
      'invalidValue',
      `Without a "path" the "value" must be an object of attributes, not ${quote(value)}.`,
    );
  }
  const path = parseKnownPath(text, kind);
  if (path === undefined || isIgnored(path)) return [];
  assertWritable(path);
  const urn = path.attribute.name;
  const isExtension = kind.extensions.some(({ id }) => id === urn);
  return isExtension && isObject(value) ? entriesIn(urn, value, kind) : [{ path, input: value }];
}

/** `schemas` follows from the attributes that are set, and the password is taken and forgotten. */
function isIgnored({ attribute }: AttributePath): boolean {
  return attribute.name === 'schemas' || attribute.mutability === 'writeOnly';
}

function assertWritable(path: AttributePath): void {
  const { attribute, sub } = path;
  if (attribute.mutability !== 'readOnly' && sub?.mutability !== 'readOnly') return;
  throw new ScimInputError('mutability', `${nameOf(path)} is read-only.`, { attribute: nameOf(path) });
}
