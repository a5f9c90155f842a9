import { quote, ScimInputError } from '../../scim-core/error.ts';
import { assertDepth } from '../../scim-core/resource/bounds.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import { ScimError } from '../http/error.ts';
import { readMessage } from '../http/message.ts';

/** Operations in one bulk request at most: `bulk.maxOperations` of ServiceProviderConfig. */
export const MAX_BULK_OPERATIONS = 1_000;

/** A bulk request (RFC 7644 section 3.7). */
export interface BulkRequest {
  /** Errors after which the rest isn't done any more. */
  readonly failOnErrors: number;
  readonly operations: readonly unknown[];
}

/** One operation, as far as it can be understood. */
export interface BulkOperation {
  readonly method: string;
  /** Below the base URL: endpoint and, but for POST, id. */
  readonly segments: readonly string[];
  readonly bulkId: string | undefined;
  readonly version: string | undefined;
  readonly data: unknown;
}

/**
 * @throws ScimError 413 for more than 1,000 operations
 * @throws ScimInputError `invalidSyntax` for what is no bulk request, `invalidValue` for failOnErrors that is no number
 */
export function readBulkRequest(body: unknown): BulkRequest {
  const { failOnErrors, Operations } = readMessage(body, ['failOnErrors', 'Operations']);
  if (!Array.isArray(Operations)) {
    throw new ScimInputError('invalidSyntax', `"Operations" must be a list, not ${quote(Operations)}.`);
  }
  if (Operations.length > MAX_BULK_OPERATIONS) {
    throw new ScimError(
      413,
      `There are ${Operations.length} operations; the maxOperations is ${MAX_BULK_OPERATIONS}.`,
    );
  }
  assertDepth(body);
  return { failOnErrors: readFailOnErrors(failOnErrors), operations: Operations };
}

function readFailOnErrors(value: unknown): number {
  if (value === undefined || value === null) return Number.POSITIVE_INFINITY;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 0) return Math.max(1, number);
  throw new ScimInputError('invalidValue', `failOnErrors must be a whole number, not ${quote(value)}.`, {
    attribute: 'failOnErrors',
  });
}

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE'];

/**
 * @param tenant whose request it is
 * @throws ScimInputError `invalidSyntax` for what is no operation, `invalidPath` for a path that can't be in one
 */
export function readBulkOperation(operation: unknown, tenant: string): BulkOperation {
  if (!isObject(operation)) {
    throw new ScimInputError('invalidSyntax', `An operation must be an object, not ${quote(operation)}.`);
  }
  const { method, path, bulkId, version, data } = readMessage(operation, [
    'method',
    'path',
    'bulkId',
    'version',
    'data',
  ]);
  const verb = typeof method === 'string' ? method.toUpperCase() : '';
  if (!METHODS.includes(verb)) {
    throw new ScimInputError(
      'invalidSyntax',
      `"method" must be ${METHODS.join(', ')}, not ${quote(method)}.`,
    );
  }
  const segments = segmentsOf(path, tenant);
  const wanted = verb === 'POST' ? 1 : 2;
  if (segments.length !== wanted || !/^(users|groups)$/i.test(segments[0] ?? '')) {
    const example = verb === 'POST' ? '/Users' : '/Users/{id}';
    throw new ScimInputError(
      'invalidPath',
      `The path of a ${verb} must be as ${example}, not ${quote(path)}.`,
    );
  }
  const id = textOf('bulkId', bulkId);
  if (verb === 'POST' && id === undefined) {
    throw new ScimInputError('invalidSyntax', 'A POST needs a "bulkId" (RFC 7644 section 3.7).');
  }
  return { method: verb, segments, bulkId: id, version: textOf('version', version), data };
}

/** The path below the base URL. With an address before it, it has to be the tenant's own: whose ids they are, it says. */
function segmentsOf(path: unknown, tenant: string): string[] {
  if (typeof path !== 'string') {
    throw new ScimInputError('invalidPath', `"path" must be a string, not ${quote(path)}.`);
  }
  const segments = path.split(/[?#]/, 1).join('').split('/');
  const base = segments.findIndex(
    (segment, index) => segment.toLowerCase() === 'scim' && segments[index + 1]?.toLowerCase() === 'v2',
  );
  const owner = segments[base - 1] ?? '';
  if (base > 0 && owner !== '' && owner !== tenant) {
    throw new ScimInputError('invalidPath', `${quote(path)} is not an address of this tenant.`);
  }
  return segments.slice(base < 0 ? 0 : base + 2).filter((segment) => segment !== '');
}

function textOf(name: string, value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string') return value;
  throw new ScimInputError('invalidSyntax', `"${name}" must be a string, not ${quote(value)}.`);
}
