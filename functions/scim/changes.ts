/** What answers requests that change something, and `/Me`: one file of a function's bundle. */
export { createGroup, patchGroup, removeGroup, replaceGroup } from './groups/groups.ts';
export { patchMe, readMe, removeMe, replaceMe } from './users/me.ts';
export { createUser, patchUser, removeUser, replaceUser } from './users/users.ts';
