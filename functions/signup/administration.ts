import type { EventKind } from '../events/event.ts';

/** What administrators do in a user pool and no trigger tells, by the name that CloudTrail has for it. */
export const ADMINISTRATION: Readonly<Record<string, EventKind>> = {
  AdminDisableUser: 'suspend',
  AdminEnableUser: 'resume',
  AdminDeleteUser: 'remove',
  DeleteUser: 'remove',
};
