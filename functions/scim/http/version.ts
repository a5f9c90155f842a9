import { ScimError } from './error.ts';

/**
 * The version of a resource as an entity-tag. Weak: two answers of one version may differ in derived attributes, such
 * as the groups of a user (RFC 7644 section 3.14, RFC 9110 section 8.8.1).
 */
export function versionTag(version: number): string {
  return `W/"${version}"`;
}

/**
 * Holds a write to the version that the client has seen, if it names one.
 *
 * @throws ScimError 412 when `If-Match` names another version than the one that stands there
 */
export function assertMatch(ifMatch: string | undefined, version: number): void {
  if (ifMatch === undefined || names(ifMatch, version)) return;
  throw new ScimError(
    412,
    `If-Match names ${ifMatch.slice(0, 80)}, but the resource is at version ${versionTag(version)}: read it and send the change again.`,
  );
}

/** Whether the client has this version already, so that a read is answered 304. */
export function isKnown(ifNoneMatch: string | undefined, version: number): boolean {
  return ifNoneMatch !== undefined && names(ifNoneMatch, version);
}

/** By weak comparison (RFC 9110 section 8.8.3.2); quotes may be missing. */
function names(header: string, version: number): boolean {
  const wanted = String(version);
  return header.split(',').some((part) => {
    const tag = part.trim();
    return tag === '*' || tag.replace(/^W\//i, '').replace(/^"(.*)"$/, '$1') === wanted;
  });
}
