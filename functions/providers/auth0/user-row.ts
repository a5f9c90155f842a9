import type { JsonView } from '../../events/json-view.ts';
import type { Row } from '../../sources/sync/listing.ts';
import { auth0Person } from './user.ts';

/** Most of a page of a search. */
export const USERS = 100;

const NOBODY: ReadonlySet<string> = new Set();

/** @param blocked ids of users who are out of service whatever their own record says */
export function userRow(user: JsonView, blocked = NOBODY): Row[] {
  const id = user.text('user_id');
  if (id === undefined) return [];
  const isEmailVerified = user.flag('email_verified');
  const person = auth0Person(user);
  const found = {
    outcome: 'found',
    id,
    person: blocked.has(id) ? { ...person, active: false } : person,
  } as const;
  return [{ is: 'person', id, isEmailVerified, found }];
}
