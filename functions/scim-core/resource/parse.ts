import { quote, ScimInputError } from '../error.ts';
import { applyChange } from '../patch/change.ts';
import type { ResourceKind } from '../schema.ts';
import { assertDepth } from './bounds.ts';
import { complete } from './complete.ts';
import { entriesOf } from './entry.ts';
import { isObject, openCore } from './resource.ts';

/**
 * Reads the body of a POST or PUT into a resource in the schema's own spelling. Values stay exactly as they were sent,
 * save booleans and numbers sent as the other type; what is unassigned is left out; so is what clients can't set
 * (`id`, `meta`, `groups`), the password, and what no schema knows. `schemas` is computed.
 * Throws a ScimInputError: `invalidSyntax` for what isn't an object or is nested too deep, `invalidValue` for a value
 * that is missing or not of its type.
 */
export function parseResource(body: unknown, kind: ResourceKind): Record<string, unknown> {
  if (!isObject(body)) {
    throw new ScimInputError('invalidSyntax', `A ${kind.name} must be a JSON object, not ${quote(body)}.`);
  }
  assertDepth(body);
  const draft: Record<string, unknown> = {};
  for (const { path, input } of entriesOf(openCore(body, kind), kind))
    applyChange(draft, 'replace', path, input);
  return complete(draft, kind);
}
