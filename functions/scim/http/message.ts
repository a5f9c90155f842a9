import { quote, ScimInputError } from '../../scim-core/error.ts';
import { isObject, type Resource } from '../../scim-core/resource/resource.ts';

/**
 * Reads the members of a protocol message (RFC 7644 section 3.1) whose names are given, in whatever case they are
 * written. Its `schemas` are not looked at: the endpoint says already what is meant.
 *
 * @throws ScimInputError `invalidSyntax` when the body isn't an object
 */
export function readMessage<Name extends string>(
  body: unknown,
  names: readonly Name[],
): Partial<Record<Name, unknown>> {
  if (!isObject(body)) {
    throw new ScimInputError('invalidSyntax', `The body must be a JSON object, not ${quote(body)}.`);
  }
  const message: Partial<Record<Name, unknown>> = {};
  for (const name of names) message[name] = memberOf(body, name);
  return message;
}

/** The `Operations` of a PATCH request, as they came. */
export function operationsOf(body: unknown): unknown {
  return readMessage(body, ['Operations']).Operations;
}

function memberOf(body: Resource, name: string): unknown {
  if (Object.hasOwn(body, name)) return body[name];
  const lower = name.toLowerCase();
  const written = Object.keys(body).find((key) => key.toLowerCase() === lower);
  return written === undefined ? undefined : body[written];
}
