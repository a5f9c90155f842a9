import type { LinkState } from '../../directory/record.ts';
import { compact } from '../../runtime/compact.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import type { PersonEvent } from '../event.ts';
import { isNewer, markOf, profileMark, scopeMark, statusMark } from '../order.ts';

/**
 * What an event says about being in service. `there`: the source has the person, and says nothing of service: news only
 * of a person who was deleted.
 */
export type StatusWord = 'in' | 'out' | 'gone' | 'there';

export function statusWordOf(event: PersonEvent): StatusWord | undefined {
  const { kind, group, person, operations, completeness } = event;
  if (kind === 'remove') return 'gone';
  if (kind === 'suspend') return 'out';
  if (kind === 'resume') return 'in';
  if (kind === 'assign' || kind === 'unassign') {
    if (group !== undefined) return undefined;
    return kind === 'assign' ? 'in' : 'out';
  }
  const active = operations === undefined ? person?.active : activeIn(operations);
  if (typeof active === 'boolean') return active ? 'in' : 'out';
  return completeness === 'full' && person !== undefined ? 'there' : undefined;
}

/** The `active` that PATCH operations come to (RFC 7644 section 3.5.2), where they name it. */
export function activeIn(operations: unknown): boolean | undefined {
  if (!Array.isArray(operations)) return undefined;
  let active: boolean | undefined;
  for (const operation of operations) {
    if (!isObject(operation) || /^remove$/i.test(String(operation.op))) continue;
    const { path, value } = operation;
    const named =
      typeof path === 'string'
        ? /^(?:urn:ietf:params:scim:schemas:core:2\.0:User:)?active$/i.test(path)
          ? value
          : undefined
        : isObject(value)
          ? Object.entries(value).find(([name]) => name.toLowerCase() === 'active')?.[1]
          : undefined;
    if (typeof named === 'boolean') active = named;
    else if (typeof named === 'string' && /^(true|false)$/i.test(named)) active = /^true$/i.test(named);
  }
  return active;
}

/** Whether an event says that the source's scope has the person; undefined where it doesn't say. */
export function scopeWordOf({ kind, group, isInScope }: PersonEvent): boolean | undefined {
  if (group === undefined && (kind === 'assign' || kind === 'unassign')) return kind === 'assign';
  return isInScope;
}

/** The status after what an event says of being in service; undefined where that is older than what is known. */
export function withStatus(linkState: LinkState, event: PersonEvent): LinkState | undefined {
  const scoped = withScope(linkState, event);
  if (event.kind === 'assign' || event.kind === 'unassign') return scoped;
  return withAccount(scoped ?? linkState, event) ?? scoped;
}

function withScope(linkState: LinkState, event: PersonEvent): LinkState | undefined {
  const mark = markOf(event);
  const known = scopeMark(linkState);
  const { unassigned, ...rest } = linkState;
  const isFreed = event.isUnscoped === true && unassigned?.byScope === true;
  const word = scopeWordOf(event) ?? (isFreed ? true : undefined);
  if (word === undefined || !isNewer(mark, known)) return undefined;
  const marked = { ...rest, ...compact({ scopeAt: mark.at, scopeSequence: mark.sequence }) };
  if (!word) {
    const byScope = event.needsScope;
    return {
      ...marked,
      unassigned: unassigned ?? { since: event.occurredAt ?? '', ...compact({ byScope }) },
    };
  }
  if (event.kind !== 'assign' || known !== undefined || unassigned !== undefined) return marked;
  // Version 0.1.0 kept an unassignment as `out`.
  const { out: _, ...back } = marked;
  return isNewer(mark, statusMark(linkState)) ? back : marked;
}

function withAccount(linkState: LinkState, event: PersonEvent): LinkState | undefined {
  const word = statusWordOf(event);
  const mark = markOf(event);
  const saysNew = isNewer(mark, statusMark(linkState));
  const { out, ...rest } = linkState;
  const marked = saysNew
    ? { ...rest, ...compact({ statusAt: mark.at, statusSequence: mark.sequence }) }
    : rest;
  const since = event.occurredAt ?? '';
  switch (word) {
    case 'in':
      return saysNew ? marked : undefined;
    case 'out':
      // Who is deleted doesn't come back by being suspended as well.
      return saysNew ? { ...marked, out: out?.gone === true ? out : { since } } : undefined;
    case 'gone':
      if (!isNewer(mark, profileMark(linkState)) || !(saysNew || out !== undefined)) return undefined;
      return { ...marked, out: { since: out?.since ?? since, gone: true } };
    case 'there':
      return out?.gone === true && saysNew ? rest : undefined;
    default:
      return undefined;
  }
}
