import { createHash } from 'node:crypto';
import { respelled } from '../../runtime/clock.ts';
import { folded } from '../../scim-core/fold.ts';
import type { Person } from '../../scim-core/person.ts';
import { type Counted, keyPart } from '../keys.ts';
import { compareBytes } from '../range.ts';
import type { PersonRecord } from '../record.ts';
import type { DuePlace, Key } from '../table.ts';
import type { ListedState, ReasonCode } from './listed.ts';

/** States with a counter. Who is `due` is seen in the queue, and who is `provisioned` are most: neither costs a write. */
export const COUNTED_STATES = ['failed', 'waiting', 'held', 'suspended', 'removed'] as const;
export type CountedState = (typeof COUNTED_STATES)[number];
/** States with a list of their own, by reason and then by time. */
export const INDEXED_STATES = ['failed', 'waiting', 'suspended', 'removed'] as const;
export type IndexedState = (typeof INDEXED_STATES)[number];

/** DynamoDB takes 1,024 bytes of sort key, in which the id has to find room behind the name. */
const LONGEST_NAME = 100;
const LONGEST_ID = 64;
/** userName and e-mail addresses under which a person is found by their beginning. */
const NAMES = 3;

const isOneOf = <Each extends string>(list: readonly Each[], value: string): value is Each =>
  (list as readonly string[]).includes(value);

/** What a record counts for; what version 0.1.0 wrote last counts for nothing yet. Who is deleted counts where work is left. */
export function countedStates({ listed, deletedAt }: PersonRecord): Counted[] {
  if (listed === undefined || !isOneOf(COUNTED_STATES, listed.state)) return [];
  const isLeft = deletedAt === undefined || listed.state === 'failed' || listed.state === 'held';
  return isLeft ? [`state#${listed.state}`] : [];
}

/** Where a record is listed by state and reason; undefined for one that has no list, or that version 0.1.0 wrote last. */
export function listedPlace({ tenant, id, listed }: PersonRecord): DuePlace | undefined {
  if (listed === undefined || !isOneOf(INDEXED_STATES, listed.state)) return undefined;
  return {
    pk: listPk(tenant, listed.state),
    sk: `${listed.reason}#${respelled(listed.since)}#${keyPart(id)}`,
  };
}

/** The part of a list that has this reason, or all of it. */
export function listRange(tenant: string, state: IndexedState, reason: ReasonCode | undefined) {
  return { pk: listPk(tenant, state), ...(reason === undefined ? {} : { prefix: `${reason}#` }) };
}

export function isIndexed(state: ListedState): state is IndexedState {
  return isOneOf(INDEXED_STATES, state);
}

function listPk(tenant: string, state: IndexedState): string {
  return `${tenant}#list#${state}`;
}

/** Under which names a person is found by their beginning, in the order of the names. */
export function nameKeys({ tenant, id, person, listed, deletedAt }: PersonRecord): Key[] {
  if (listed === undefined || deletedAt !== undefined) return [];
  return namesOf(person).map((name) => ({ pk: namePk(tenant), sk: `${name}#${shortId(id)}` }));
}

/** The part of the names that begin so. */
export function nameRange(tenant: string, beginning: string) {
  return { pk: namePk(tenant), prefix: foldedName(beginning) };
}

/** The sort key of the first of a person's names that begin so. */
export function firstNamed(record: PersonRecord, beginning: string): string | undefined {
  const wanted = foldedName(beginning);
  const keys = nameKeys(record).map(({ sk }) => sk);
  return keys.filter((sk) => sk.startsWith(wanted)).sort(compareBytes)[0];
}

/** Whether one of a person's names begins so and none is the whole of it: a deleted person has names, and no keys of them. */
export function hasNameBeginning({ person }: PersonRecord, beginning: string): boolean {
  const wanted = foldedName(beginning);
  const names = namesOf(person);
  return names.some((name) => name.startsWith(wanted)) && !names.includes(wanted);
}

function namePk(tenant: string): string {
  return `${tenant}#name`;
}

function namesOf({ userName, emails }: Person): string[] {
  const addresses = (Array.isArray(emails) ? emails : []).map((email) => email?.value);
  const names = [userName, ...addresses].filter((name): name is string => typeof name === 'string');
  return [...new Set(names.map(foldedName))].filter((name) => name !== '').slice(0, NAMES);
}

function foldedName(name: string): string {
  return folded(name).slice(0, LONGEST_NAME).toWellFormed();
}

function shortId(id: string): string {
  const part = keyPart(id);
  return part.length <= LONGEST_ID ? part : createHash('sha256').update(part).digest('base64url');
}
