import type { LinkState, PersonRecord, SourceLink } from '../directory/record.ts';
import { compact } from '../runtime/compact.ts';
import { SCIM } from '../tenant/vocabulary.ts';

export { SCIM };

export type Links = NonNullable<PersonRecord['links']>;

/**
 * The links of a record, the older form read as today's: what version 0.1.0 kept without a source is given to one.
 * SCIM is linked to every person whom no other source has made; an `active` of false that no source has said belongs to
 * SCIM, or to the source that made the person.
 */
export function linksOf(record: PersonRecord): Links {
  const { links = {}, person, deletedAt, updatedAt, createdAt } = record;
  const isScims = links[SCIM] === undefined && !Object.values(links).some(({ isMaker }) => isMaker === true);
  const known = isScims ? { ...links, [SCIM]: { profileAt: createdAt } } : links;
  const isOut = person.active === false || deletedAt !== undefined;
  if (!isOut || Object.values(known).some((link) => linkStatesOf(link).some(isHeldOut))) {
    return known;
  }
  const owner = statusOwnerOf(record, known);
  const gone = deletedAt === undefined ? {} : { gone: true as const };
  return { ...known, [owner]: { ...known[owner], out: { since: deletedAt ?? updatedAt, ...gone } } };
}

function statusOwnerOf({ source }: PersonRecord, links: Links): string {
  if (source === SCIM || links[SCIM] !== undefined) return SCIM;
  const [only = SCIM, ...others] = Object.keys(links);
  if (others.length === 0 || links[source] === undefined) return only;
  return source;
}

/** Every id that a source has for the person. */
export function idsOf({ id, others = {} }: SourceLink): string[] {
  return [...(id === undefined ? [] : [id]), ...Object.keys(others)];
}

function linkStatesOf(link: SourceLink): readonly LinkState[] {
  return [link, ...Object.values(link.others ?? {})];
}

/** Whether what a source says under one id holds the person out of service: the account, or the source's scope. */
export function isHeldOut({ out, unassigned }: LinkState): boolean {
  return out !== undefined || unassigned !== undefined;
}

/** The id under which something without an id is kept: that of the record in service, where there are several. */
function keyOf(link: SourceLink, id: string | undefined): string | undefined {
  if (id !== undefined || !isHeldOut(link)) return id ?? link.id;
  const active = Object.entries(link.others ?? {}).find(([, each]) => !isHeldOut(each));
  return active?.[0] ?? link.id;
}

/** What the source has said under an id; without one, under the id that is known. */
export function linkStateOf(link: SourceLink | undefined, id: string | undefined): LinkState {
  if (link === undefined) return {};
  const key = keyOf(link, id);
  if (link.id === undefined || link.id === key) return linkStateIn(link);
  return (key === undefined ? undefined : link.others?.[key]) ?? {};
}

/** What the source has said under its other ids of the person. */
export function otherStatesOf(link: SourceLink, id: string | undefined): readonly LinkState[] {
  const { id: first, others = {} } = link;
  const key = keyOf(link, id);
  if (first === undefined || first === key) return Object.values(others);
  return [link, ...Object.entries(others).flatMap(([other, each]) => (other === key ? [] : [each]))];
}

/** The link with another status under an id. */
export function withLinkState(
  link: SourceLink | undefined,
  id: string | undefined,
  linkState: LinkState,
): SourceLink {
  const { id: first, others, said, isMaker } = link ?? {};
  const key = link === undefined ? id : keyOf(link, id);
  const rest = compact({ said, isMaker });
  if (first === undefined || first === key) {
    const known = key === undefined ? {} : { id: key };
    return { ...known, ...linkState, ...compact({ others }), ...rest };
  }
  return {
    ...linkStateIn(link ?? {}),
    id: first,
    others: { ...others, ...(key === undefined ? {} : { [key]: linkState }) },
    ...rest,
  };
}

function linkStateIn({
  id: _id,
  others: _others,
  said: _said,
  isMaker: _maker,
  ...linkState
}: SourceLink): LinkState {
  return linkState;
}

/** Whether a source holds the person out of service: by every id that it has for the person. */
export type SourceStatus = { readonly is: 'in' } | { readonly is: 'out' | 'gone'; readonly since: string };

export function sourceStatusOf(link: SourceLink): SourceStatus {
  const linkStates = linkStatesOf(link);
  const outs = linkStates.flatMap(({ out, unassigned }): NonNullable<LinkState['out']>[] => {
    const held = out ?? unassigned;
    return held === undefined ? [] : [held];
  });
  if (outs.length < linkStates.length) return { is: 'in' };
  const since =
    outs
      .map((out) => out.since)
      .toSorted()
      .at(-1) ?? '';
  return { is: outs.every(({ gone }) => gone === true) ? 'gone' : 'out', since };
}
