import { quote, ScimInputError } from '../error.ts';
import { assertDepth } from '../resource/bounds.ts';
import { fromJson } from '../resource/json.ts';
import { isCoreUrn, isObject, openCore, type Resource } from '../resource/resource.ts';
import type { ResourceKind } from '../schema.ts';

export type Op = 'add' | 'remove' | 'replace';

/** One operation of a PATCH request (RFC 7644 section 3.5.2). */
export interface Operation {
  readonly op: Op;
  /** Trimmed, never empty; absent where the operation is on the resource as a whole, also by the URN of its core schema. */
  readonly path?: string;
  /** `undefined` when there is none or it is null: both unassign (RFC 7643 section 2.5). */
  readonly value: unknown;
  /** As it was sent. */
  readonly sent: Resource;
}

const MAX_OPERATIONS = 1000;

/**
 * Reads the `Operations` of a PATCH request: names and `op` in any case (E4), members it doesn't know ignored.
 * Throws a ScimInputError: `invalidSyntax` for anything but 1 to 1,000 operations, `noTarget` for a remove without a
 * path, `invalidPath` for a path that is no string, `invalidValue` for an add without a value.
 */
export function parseOperations(operations: unknown, kind: ResourceKind): Operation[] {
  if (!Array.isArray(operations) || operations.length === 0) {
    throw new ScimInputError('invalidSyntax', '"Operations" must be a list of at least one operation.');
  }
  if (operations.length > MAX_OPERATIONS) {
    const message = `There are ${operations.length} operations; ${MAX_OPERATIONS} is the most.`;
    throw new ScimInputError('invalidSyntax', message);
  }
  assertDepth(operations);
  return operations.map((operation) => parseOperation(operation, kind));
}

function parseOperation(sent: unknown, kind: ResourceKind): Operation {
  if (!isObject(sent)) {
    throw new ScimInputError(
      'invalidSyntax',
      `An operation must be an object with "op", not ${quote(sent)}.`,
    );
  }
  const op = parseOp(member(sent, 'op'));
  const path = parsePathText(member(sent, 'path'));
  const value = member(sent, 'value');
  if (op === 'add' && value === undefined) {
    throw new ScimInputError('invalidValue', 'An add operation needs a "value".');
  }
  if (path !== undefined && (op === 'remove' || !isCoreUrn(path, kind)))
    return { op, path, value: value ?? undefined, sent };
  if (op === 'remove') throw new ScimInputError('noTarget', 'A remove operation needs a "path".');
  // Templates that can only fill in strings send the attributes as JSON within JSON.
  const object = typeof value === 'string' ? fromJson(value) : value;
  if (!isObject(object)) return path === undefined ? { op, value, sent } : { op, path, value, sent };
  const opened = openCore(object, kind);
  const isAsSent = opened === value && path === undefined;
  return { op, value: opened, sent: isAsSent ? sent : { op, value: opened } };
}

function parseOp(op: unknown): Op {
  const lower = typeof op === 'string' ? op.toLowerCase() : undefined;
  if (lower === 'add' || lower === 'remove' || lower === 'replace') return lower;
  throw new ScimInputError('invalidSyntax', `"op" must be add, remove or replace, not ${quote(op)}.`);
}

function parsePathText(path: unknown): string | undefined {
  if (path === undefined || path === null) return undefined;
  if (typeof path !== 'string') {
    throw new ScimInputError('invalidPath', `"path" must be a string, not ${quote(path)}.`);
  }
  return path.trim() || undefined;
}

function member(operation: Resource, name: string): unknown {
  if (Object.hasOwn(operation, name)) return operation[name];
  const found = Object.keys(operation).find((key) => key.toLowerCase() === name);
  return found === undefined ? undefined : operation[found];
}
