import { ScimError } from './error.ts';

/** An item of the directory holds 400 KB on DynamoDB, with what the product adds. */
const MAX_RESOURCE_BYTES = 256 * 1024;

/** @throws ScimError 413 for a resource that is larger than what can be stored */
export function assertStorable(what: 'user' | 'group', resource: Readonly<Record<string, unknown>>): void {
  const json = JSON.stringify(resource);
  // A UTF-16 unit takes 3 bytes at most: nearly every resource needs no counting.
  if (json.length * 3 <= MAX_RESOURCE_BYTES) return;
  const bytes = Buffer.byteLength(json);
  if (bytes <= MAX_RESOURCE_BYTES) return;
  throw new ScimError(
    413,
    `The ${what} would have ${bytes} bytes; at most ${MAX_RESOURCE_BYTES} can be stored.`,
  );
}
