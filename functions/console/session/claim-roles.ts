import type { ConsoleSettings } from '../../tenant/operators/console.ts';
import { ROLES, type Role } from './role.ts';

/** The highest role that the claims of an ID token give; undefined for an operator who has none. */
export function roleOf(
  claims: Readonly<Record<string, unknown>>,
  roles: ConsoleSettings['roles'],
): Role | undefined {
  return ROLES.toReversed().find((role) => roles[role]?.some((wanted) => fits(claims, wanted)));
}

/** @param wanted `claim=value`; a claim that is a list has to contain the value */
function fits(claims: Readonly<Record<string, unknown>>, wanted: string): boolean {
  const mark = wanted.indexOf('=');
  const name = wanted.slice(0, mark);
  const value = wanted.slice(mark + 1);
  if (!Object.hasOwn(claims, name)) return false;
  return [claims[name]].flat().some((each) => typeof each !== 'object' && String(each) === value);
}
