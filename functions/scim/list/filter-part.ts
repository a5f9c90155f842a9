import type { Filter } from '../../scim-core/filter/filter.ts';
import { idsNamedBy } from '../../scim-core/filter/ids.ts';
import type { AttributePath } from '../../scim-core/path/path.ts';
import { BARE, type MemberPart, type Parts } from './collection.ts';

/** What of a resource a filter looks at that takes reads of its own. */
export function partsFor(filter: Filter): Parts {
  switch (filter.op) {
    case 'and':
    case 'or':
      return filter.filters.map(partsFor).reduce(both, BARE);
    case 'not':
      return partsFor(filter.filter);
    default:
      return partsOfPath(filter.path, filter);
  }
}

/** The parts that are in either. */
export function both(a: Parts, b: Parts): Parts {
  return { groups: a.groups || b.groups, members: bothMembers(a.members, b.members) };
}

function partsOfPath({ attribute, extension }: AttributePath, filter: Filter): Parts {
  if (extension !== undefined) return BARE;
  if (attribute.name === 'groups') return { groups: true, members: 'none' };
  return attribute.name === 'members' ? { groups: false, members: membersFor(filter) } : BARE;
}

/**
 * Which members a comparison needs to see. Identity providers ask of a group of any size whether a person is in it
 * (`id eq "…" and members eq "…"`, E2): that is one look-up.
 */
function membersFor(filter: Filter): MemberPart {
  if (!('path' in filter)) return 'all';
  const { path } = filter;
  const ids = path.filter === undefined ? undefined : idsNamedBy(path.filter);
  if (ids !== undefined) return { ids, any: false };
  const isWhole = path.filter === undefined && (path.sub === undefined || path.sub.name === 'value');
  if (!isWhole) return 'all';
  if (filter.op === 'pr') return { ids: [], any: true };
  if (filter.op !== 'eq') return 'all';
  return typeof filter.value === 'string' ? { ids: [filter.value], any: false } : { ids: [], any: true };
}

function bothMembers(a: MemberPart, b: MemberPart): MemberPart {
  if (a === 'all' || b === 'all') return 'all';
  if (a === 'none') return b;
  if (b === 'none') return a;
  return { ids: [...a.ids, ...b.ids], any: a.any || b.any };
}
