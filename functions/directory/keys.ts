import { createHash } from 'node:crypto';
import type { DuePlace, Key } from './table.ts';

/** Where things stand in the table. Every partition begins with the tenant, and no tenant's name has a `#` in it. */

/** Parallel creates of one tenant must not wait for one counter item, so it is cut in pieces. */
export const COUNTER_SHARDS = 16;

export type Kind = 'user' | 'group';

/** All persons, or all groups, of a tenant: in the order of their ids. */
export const listOf = (tenant: string, kind: Kind): string => `${tenant}#${kind}`;

export const recordKey = (tenant: string, kind: Kind, id: string): Key => ({
  pk: listOf(tenant, kind),
  sk: id,
});

/** One item a userName, whatever its case (RFC 7643 section 4.1.1: userName is unique and not caseExact). */
export const userNameKey = (tenant: string, userName: string): Key => ({
  pk: `${tenant}#userName#${bounded(userName.toLowerCase())}`,
  sk: '-',
});

/** What several records may share: one item for each that does. */
export type SharedAttribute = 'externalId' | 'email' | 'groupName' | 'groupExternalId';

export const sharedPartition = (tenant: string, attribute: SharedAttribute, value: string): string =>
  `${tenant}#${attribute}#${bounded(attribute === 'email' || attribute === 'groupName' ? value.toLowerCase() : value)}`;

export const counterKey = (tenant: string, kind: Kind, id: string): Key => ({
  pk: `${tenant}#count`,
  sk: `${kind}#${shardOf(id)}`,
});

export const counterKeys = (tenant: string, kind: Kind): Key[] =>
  Array.from({ length: COUNTER_SHARDS }, (_, shard) => ({ pk: `${tenant}#count`, sk: `${kind}#${shard}` }));

/** Due records sort by priority, then by the time from when on they are due. */
export const duePartition = (tenant: string): string => `${tenant}#due`;
export const duePlace = (tenant: string, priority: number, dueAt: string, id: string): DuePlace => ({
  pk: duePartition(tenant),
  sk: `${priority}#${dueAt}#${id}`,
});

/** A membership stands twice: below the group and below the person. */
export const membersPartition = (tenant: string, groupId: string): string => `${tenant}#members#${groupId}`;
export const memberKey = (tenant: string, groupId: string, memberId: string): Key => ({
  pk: membersPartition(tenant, groupId),
  sk: memberId,
});
export const membershipsPartition = (tenant: string, memberId: string): string =>
  `${tenant}#memberOf#${memberId}`;
export const membershipKey = (tenant: string, memberId: string, groupId: string): Key => ({
  pk: membershipsPartition(tenant, memberId),
  sk: groupId,
});
export const memberCounterKey = (tenant: string, groupId: string): Key => ({
  pk: `${tenant}#memberCount`,
  sk: groupId,
});

export const documentKey = (scope: string, name: string): Key => ({ pk: `${scope}#document`, sk: name });

export const historyPartition = (tenant: string, personId: string): string => `${tenant}#history#${personId}`;
export const seenKey = (scope: string, id: string): Key => ({ pk: `${scope}#seen#${bounded(id)}`, sk: '-' });

/** DynamoDB takes 2,048 bytes in a partition key: a longer value stands as its digest. */
function bounded(value: string): string {
  return Buffer.byteLength(value) <= 1024
    ? value
    : `sha256:${createHash('sha256').update(value).digest('hex')}`;
}

function shardOf(id: string): number {
  let hash = 0;
  for (let index = 0; index < id.length; index += 1) hash = (hash * 31 + id.charCodeAt(index)) | 0;
  return Math.abs(hash) % COUNTER_SHARDS;
}
