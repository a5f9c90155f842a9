import { ScimInputError } from '../error.ts';
import type { Filter } from '../filter/filter.ts';
import { idsNamedBy } from '../filter/ids.ts';
import { nameOf } from '../path/name.ts';
import { type AttributePath, parseKnownPath, parsePath } from '../path/path.ts';
import { assertElements } from '../resource/complete.ts';
import { isObject, type Resource } from '../resource/resource.ts';
import { parseList } from '../resource/value.ts';
import { findAttribute, GROUP, GROUP_KIND, splitUrn } from '../schema.ts';
import { type Op, type Operation, parseOperations } from './operation.ts';

/** A member of a group; `value` is the id of its resource. */
export interface Member {
  readonly value: string;
  readonly display?: string;
  readonly type?: string;
  readonly $ref?: string;
}

/**
 * What happens to the members of a group: `replace` leaves exactly those listed, `clear` takes all of them and with them
 * the attribute.
 */
export type MemberChange =
  | { readonly kind: 'add' | 'remove' | 'replace'; readonly members: readonly Member[] }
  | { readonly kind: 'clear' };

/**
 * Takes what concerns `members` out of the `Operations` on a group, in order, so that a group of 100,000 can be changed
 * without reading it: lists, single objects and bare strings, a remove with a list of values (E9), value paths such as
 * `members[value eq "1" or value eq "2"]`, and `members` among the attributes of a value without a path.
 * `rest` has the other operations as they were sent, for `applyPatch`; it may be empty. Operations on attributes that no
 * schema knows are left out.
 * Throws a ScimInputError as `applyPatch` does: `mutability` for a part of a member, `invalidFilter` for members chosen
 * by anything but `value`.
 */
export function memberChanges(operations: unknown): { changes: MemberChange[]; rest: unknown[] } {
  const changes: MemberChange[] = [];
  const rest: unknown[] = [];
  for (const operation of parseOperations(operations, GROUP_KIND)) {
    const { op, path: text, value } = operation;
    if (text === undefined) {
      const others = isObject(value) ? splitValue(operation, value, changes) : operation.sent;
      if (others !== undefined) rest.push(others);
      continue;
    }
    // Which members are meant has to be understood: success and no change would be a membership that stays.
    const path = isMembers(text) ? parsePath(text, GROUP_KIND) : parseKnownPath(text, GROUP_KIND);
    if (path === undefined) continue;
    if (path.attribute.name === 'members') changes.push(...changesBy(op, path, value));
    else rest.push(operation.sent);
  }
  return { changes, rest };
}

/** Answers the operation without `members`, or `undefined` when nothing else was in it. */
function splitValue({ op, sent }: Operation, value: Resource, changes: MemberChange[]): Resource | undefined {
  const others: [string, unknown][] = [];
  for (const [name, input] of Object.entries(value)) {
    if (isMembers(name)) changes.push(...changesBy(op, parsePath(name, GROUP_KIND), input ?? undefined));
    else others.push([name, input]);
  }
  if (others.length === Object.keys(value).length) return sent;
  return others.length === 0 ? undefined : { op, value: Object.fromEntries(others) };
}

function isMembers(name: string): boolean {
  return /^members([.[]|$)/i.test(splitUrn(name, GROUP_KIND)?.rest ?? name);
}

function changesBy(op: Op, path: AttributePath, value: unknown): MemberChange[] {
  if (path.sub !== undefined) {
    throw new ScimInputError(
      'mutability',
      `${nameOf(path)} can't be changed: remove the member and add it again.`,
      { attribute: nameOf(path) },
    );
  }
  if (path.filter !== undefined) return changesOfSelected(op, path.filter, value);
  if (op === 'remove' && value === undefined) return [{ kind: 'clear' }];
  if (op === 'replace' && value === undefined) return [{ kind: 'clear' }];
  const members = parseMembers(value);
  return members.length > 0 || op === 'replace' ? [{ kind: op, members }] : [];
}

/**
 * A member is its id: an add or replace of `members[value eq "1"]` makes it be there. A replace whose value names other
 * ids puts those in its place, and an add adds them.
 */
function changesOfSelected(op: Op, filter: Filter, value: unknown): MemberChange[] {
  const ids = idsNamedBy(filter);
  if (ids === undefined) {
    throw new ScimInputError('invalidFilter', 'Members are chosen by value, as in members[value eq "…"].', {
      attribute: 'members',
    });
  }
  const wanted = ids.map((id) => ({ value: id }));
  if (op === 'remove' || value === undefined) return [{ kind: 'remove', members: wanted }];
  if (!namesMember(value)) {
    const described = isObject(value) ? value : {};
    return [{ kind: 'add', members: parseMembers(wanted.map((id) => ({ ...described, ...id }))) }];
  }
  const members = parseMembers(value);
  const given = new Set(members.map(({ value: id }) => id));
  const replaced = op === 'replace' ? wanted.filter(({ value: id }) => !given.has(id)) : [];
  return [
    ...(replaced.length === 0 ? [] : [{ kind: 'remove', members: replaced } as const]),
    { kind: 'add', members },
  ];
}

/** Whether a value says which member is meant, be it as an object, a bare id or a list. */
function namesMember(value: unknown): boolean {
  if (!isObject(value)) return true;
  return Object.entries(value).some(([name, id]) => name.toLowerCase() === 'value' && (id ?? '') !== '');
}

function parseMembers(value: unknown): Member[] {
  const attribute = findAttribute(GROUP.attributes, 'members');
  if (attribute === undefined) return [];
  const members = parseList(attribute, value, 'members');
  assertElements([attribute], { members });
  return members as Member[];
}
