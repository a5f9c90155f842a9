import type { SourceGroup } from '../event.ts';
import type { JsonView } from '../json-view.ts';

/**
 * The `groups` of a SCIM User (RFC 7643 section 4.1.2); undefined where the resource has none, which may be because its
 * server doesn't tell.
 */
export function groupsIn(user: JsonView): SourceGroup[] | undefined {
  if (!Array.isArray(user.at('groups').value)) return undefined;
  return user.list('groups').flatMap((group) => {
    const [id, display] = [group.text('value'), group.text('display')];
    return id === undefined ? [] : [display === undefined ? { id } : { id, display }];
  });
}
