import { hash } from 'node:crypto';
import { respelled, timestamp } from '../runtime/clock.ts';
import { folded, isUsual } from '../scim-core/fold.ts';
import type { GroupRecord } from './group.ts';
import { type PersonRecord, PRIORITY, type Priority } from './record.ts';
import type { DuePlace, Key } from './table.ts';

/**
 * Where everything lies. A partition is `<tenant>#<what>[#<value>]`: tenant names have no `#` in them, and a value
 * comes last, so that no value can reach into another partition.
 */

/** DynamoDB takes 1,024 bytes of sort key; a character has at most 3 bytes a UTF-16 unit. */
const LONGEST_VALUE = 300;
/** A person with more addresses is found by the first ones. */
const INDEXED_EMAILS = 20;
/** More sources than any tenant has. */
const INDEXED_LINKS = 20;
const SHARDS = 16;
/** Behind every sort key that begins as what it is appended to. */
const LAST = '\u{10FFFF}';

/** `agentEmail`: the address that the agent was last sent, where the person has another by now. */
export type PersonAttribute = 'userName' | 'externalId' | 'email' | 'agentEmail' | 'link';
export type GroupAttribute = 'displayName' | 'externalId';

/** Things that are counted a tenant, or (members) a group. */
export type Counted = 'user' | 'active-agent' | 'group' | `member#${string}` | `state#${string}`;

/** As version 0.1.0 folded what it stored, where that is another form: of full-width and half-width letters alone. */
function foldedFormerly(value: string): string | undefined {
  if (isUsual(value)) return undefined;
  const former = value.normalize('NFC').toLowerCase();
  return former === folded(value) ? undefined : former;
}

/** A value from outside as part of a key: well formed, never empty, never too long. */
export function keyPart(value: string): string {
  const part = value.toWellFormed();
  if (part !== '' && part.length <= LONGEST_VALUE && !part.startsWith('~')) return part;
  // The tilde keeps a digest from ever being a person's literal value.
  return `~${hash('sha256', part, 'base64url')}`;
}

export function personKey(tenant: string, id: string): Key {
  return { pk: `${tenant}#user`, sk: keyPart(id) };
}

/** The one place that a userName has in a tenant, whatever its case. */
export function userNameKey(tenant: string, userName: string): Key {
  return userNamePlace(tenant, folded(userName));
}

/** The place that version 0.1.0 gave a userName, where it is another. */
export function formerUserNameKey(tenant: string, userName: string): Key | undefined {
  const former = foldedFormerly(userName);
  return former === undefined ? undefined : userNamePlace(tenant, former);
}

function userNamePlace(tenant: string, name: string): Key {
  return { pk: `${tenant}#userName#${keyPart(name)}`, sk: '-' };
}

/** The one place that an agent has in its SmartAssist account, whichever tenant holds it. */
export function agentHolderKey(account: string, agentId: string): Key {
  return { pk: `${account}#agent-holder#${keyPart(agentId)}`, sk: '-' };
}

/** The partition of ids whose externalId, e-mail address or link (`<source>/<id>`) is this. */
export function personIndexPk(
  tenant: string,
  attribute: Exclude<PersonAttribute, 'userName'>,
  value: string,
): string {
  const isAddress = attribute === 'email' || attribute === 'agentEmail';
  return `${tenant}#${attribute}#${keyPart(isAddress ? folded(value) : value)}`;
}

/** The partition in which version 0.1.0 listed an e-mail address, where it is another. */
export function formerEmailPk(tenant: string, email: string): string | undefined {
  const former = foldedFormerly(email);
  return former === undefined ? undefined : `${tenant}#email#${keyPart(former)}`;
}

/** Every partition that version 0.1.0 listed a person's id in and this version doesn't. */
export function formerPersonIndexPks({ tenant, person }: PersonRecord): string[] {
  return emailsOf(person).flatMap((email) => formerEmailPk(tenant, email) ?? []);
}

function emailsOf({ emails }: PersonRecord['person']): string[] {
  return (Array.isArray(emails) ? emails : [])
    .map((email) => email?.value)
    .filter((value): value is string => typeof value === 'string' && value !== '');
}

/** Every partition that a person's id is listed in. */
export function personIndexPks({ tenant, person, links = {}, agent: { emailId } }: PersonRecord): string[] {
  const distinct = new Set(emailsOf(person).map((value) => personIndexPk(tenant, 'email', value)));
  const pks = [...distinct].slice(0, INDEXED_EMAILS);
  const isFoundOtherwise =
    emailId === undefined ||
    folded(emailId) === folded(person.userName) ||
    pks.includes(personIndexPk(tenant, 'email', emailId));
  return [
    ...(person.externalId ? [personIndexPk(tenant, 'externalId', person.externalId)] : []),
    ...pks,
    ...(isFoundOtherwise ? [] : [personIndexPk(tenant, 'agentEmail', emailId)]),
    ...Object.entries(links)
      .flatMap(([source, { id, others = {} }]) =>
        [...(id === undefined ? [] : [id]), ...Object.keys(others)].map((each) => `${source}/${each}`),
      )
      .slice(0, INDEXED_LINKS)
      .map((link) => personIndexPk(tenant, 'link', link)),
  ];
}

export function groupKey(tenant: string, id: string): Key {
  return { pk: `${tenant}#group`, sk: keyPart(id) };
}

/** The partition of ids of groups whose displayName or externalId is this. */
export function groupIndexPk(tenant: string, attribute: GroupAttribute, value: string): string {
  const part = keyPart(attribute === 'displayName' ? folded(value) : value);
  return `${tenant}#group-${attribute}#${part}`;
}

/** The partition in which version 0.1.0 listed a group's name, where it is another. */
export function formerGroupNamePk(tenant: string, displayName: unknown): string | undefined {
  if (typeof displayName !== 'string') return undefined;
  const former = foldedFormerly(displayName);
  return former === undefined ? undefined : `${tenant}#group-displayName#${keyPart(former)}`;
}

/** Every partition that a group's id is listed in. */
export function groupIndexPks({ tenant, group }: GroupRecord): string[] {
  return (['displayName', 'externalId'] as const).flatMap((attribute) => {
    const value = group[attribute];
    return typeof value === 'string' && value !== '' ? [groupIndexPk(tenant, attribute, value)] : [];
  });
}

/** A membership as the group sees it. */
export function memberKey(tenant: string, groupId: string, member: string): Key {
  return { pk: `${tenant}#member#${keyPart(groupId)}`, sk: keyPart(member) };
}

/** The same membership as the member sees it. */
export function memberOfKey(tenant: string, member: string, groupId: string): Key {
  return { pk: `${tenant}#memberOf#${keyPart(member)}`, sk: keyPart(groupId) };
}

/** A count is spread over shards, so that parallel writes seldom meet in one; `by` says which one to use. */
export function countKey(tenant: string, counted: Counted, by: string): Key {
  return shardKey(tenant, counted, shardOf(by));
}

/** By FNV-1a: ids spread evenly, and a digest would take as long as the count itself. */
function shardOf(by: string): number {
  let sum = 0x811c9dc5;
  for (let index = 0; index < by.length; index += 1) {
    sum = Math.imul(sum ^ by.charCodeAt(index), 0x01000193);
  }
  return ((sum ^ (sum >>> 16)) & 0xffff) % SHARDS;
}

/** All shards of a count: their sum is the count. */
export function countKeys(tenant: string, counted: Counted): Key[] {
  return Array.from({ length: SHARDS }, (_, shard) => shardKey(tenant, counted, shard));
}

function shardKey(tenant: string, counted: Counted, shard: number): Key {
  return { pk: `${tenant}#count#${counted}`, sk: String(shard) };
}

/** Where a due record waits: by priority, then by the time it became due. */
export function duePlace(tenant: string, priority: Priority, dueAt: string, id: string): DuePlace {
  return { pk: `${tenant}#due`, sk: `${priority}#${respelled(dueAt)}#${keyPart(id)}` };
}

/** The part of a tenant's due index of one priority up to a time (epoch milliseconds). */
export function dueRange(tenant: string, priority: Priority, now: number) {
  return {
    pk: `${tenant}#due`,
    prefix: `${priority}#`,
    upTo: `${priority}#${timestamp(now)}#${LAST}`,
  };
}

/** All of a tenant's due index, also what is put off. */
export function queueRange(tenant: string) {
  return { pk: `${tenant}#due` };
}

/** Where records wait that the brake holds. */
export function heldPlace(tenant: string, id: string): DuePlace {
  return { pk: `${tenant}#held`, sk: keyPart(id) };
}

/** Where deleted persons wait to be erased: by the time from when on. */
export function erasePlace(tenant: string, eraseAt: string, id: string): DuePlace {
  return { pk: erasePk(tenant), sk: `${respelled(eraseAt)}#${keyPart(id)}` };
}

export function erasePk(tenant: string): string {
  return `${tenant}#erase`;
}

export function eraseRange(tenant: string, now: number) {
  return { pk: erasePk(tenant), upTo: `${timestamp(now)}#${LAST}` };
}

export const PRIORITIES: readonly Priority[] = Object.values(PRIORITY).sort((a, b) => a - b);

export function documentKey(owner: string, name: string): Key {
  return { pk: `${owner}#document`, sk: keyPart(name) };
}

export function historyPk(tenant: string, personId: string): string {
  return `${tenant}#history#${keyPart(personId)}`;
}

export function seenKey(scope: string, id: string): Key {
  return { pk: `${scope}#seen#${keyPart(id)}`, sk: '-' };
}

/** A piece of work that waits for its time. */
export function pendingEventKey(tenant: string, id: string): Key {
  return { pk: `${tenant}#task`, sk: keyPart(id) };
}

/** Where pending events wait for their time, and where they wait for an operator. */
export function pendingEventPlace(tenant: string, dueAt: string | undefined, id: string): DuePlace {
  return dueAt === undefined
    ? { pk: `${tenant}#task-held`, sk: keyPart(id) }
    : { pk: `${tenant}#task-due`, sk: `${respelled(dueAt)}#${keyPart(id)}` };
}

export function pendingEventRange(tenant: string, now: number) {
  return { pk: `${tenant}#task-due`, upTo: `${timestamp(now)}#${LAST}` };
}

export function timerKey(tenant: string, id: string): Key {
  return { pk: `${tenant}#timer`, sk: keyPart(id) };
}

/** Where timers wait for their time. */
export function timerPlace(tenant: string, at: string, id: string): DuePlace {
  return { pk: `${tenant}#timer-due`, sk: `${respelled(at)}#${keyPart(id)}` };
}

export function timerRange(tenant: string, now: number) {
  return { pk: `${tenant}#timer-due`, upTo: `${timestamp(now)}#${LAST}` };
}
