import type { JsonView } from '../../events/json-view.ts';
import type { Row } from '../../sources/sync/listing.ts';
import { foundIn } from './user.ts';

/** Where a user has its id. */
export const USER_ID = 'user_id';
/** Most of a page of a search. */
export const USERS = 100;

const NOBODY: ReadonlySet<string> = new Set();

/** @param blocked ids of users who are out of service whatever their own record says */
export function userRow(user: JsonView, id: string, blocked = NOBODY): Row {
  const isEmailVerified = user.flag('email_verified');
  const { person, unknownStatus } = foundIn(user);
  const found = {
    outcome: 'found',
    id,
    ...(blocked.has(id) ? { person: { ...person, active: false } } : { person, unknownStatus }),
  } as const;
  return { is: 'person', id, isEmailVerified, found };
}
