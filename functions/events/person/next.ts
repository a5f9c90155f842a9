import type { LinkState, PersonRecord } from '../../directory/record.ts';
import { makerOf } from '../../provision/attribute-source.ts';
import { compact } from '../../runtime/compact.ts';
import { applyPatch } from '../../scim-core/patch/patch.ts';
import type { Person } from '../../scim-core/person.ts';
import { USER_KIND } from '../../scim-core/schema.ts';
import { type Authority, activeAfter, type Service, serviceOf } from '../authority.ts';
import type { AuthenticatedEvent } from '../event.ts';
import { isHeldOut, type Links, linkStateOf, linksOf, otherStatesOf, withLinkState } from '../links.ts';
import { compose, firstProfile, namesIn, parse, saidBy, withProfile } from './profile.ts';
import { scopeWordOf, statusWordOf, withStatus } from './status.ts';

/** A person's record as an event leaves it. */
export interface Next {
  readonly person: Person;
  readonly links: Links;
  readonly origins?: NonNullable<PersonRecord['origins']>;
  readonly service: Service;
}

/** What an event makes of a known person; `saysNew` false where all that it says is older than what is known. */
export function nextOf(
  record: PersonRecord,
  event: AuthenticatedEvent,
  authority: Authority,
): Next & { readonly saysNew: boolean } {
  const { source, subject } = event;
  const links = linksOf(record);
  const link = links[source];
  const known = linkStateOf(link, subject.id);
  const newStatus = withStatus(known, event);
  const linkState = newStatus ?? known;
  const maker = makerOf(record);
  const isMaker = maker === source;
  const said = saidBy(record);
  // Of two records of one person the one in service says what the person is like.
  const isFormer =
    isHeldOut(linkState) &&
    link !== undefined &&
    otherStatesOf(link, subject.id).some((each) => !isHeldOut(each));
  const newProfile = isFormer
    ? undefined
    : withProfile(said.get(source) ?? {}, linkState, event, record.person, isMaker);
  const isSaid = newStatus !== undefined || newProfile !== undefined;
  const linkStateNow = newProfile?.linkState ?? linkState;
  const linked = {
    ...links,
    [source]: withLinkState(link, subject.id, isSaid ? withReading(linkStateNow, event) : linkStateNow),
  };
  const service = serviceOf(linked, authority, record);
  const active = activeAfter(service, record.person.active, statusWordOf(event) === 'in');
  const names = newProfile !== undefined && isMaker ? ownNames(record, event) : {};
  const base = withActive({ ...record.person, ...names }, active);
  const saysNothing =
    event.person === undefined && event.operations === undefined && statusWordOf(event) === undefined;
  const saysNew = isSaid || saysNothing;
  // A person who stays deleted stays as known.
  if (newProfile === undefined || (service.isDeleted && record.deletedAt !== undefined)) {
    return { person: base, links: linked, service, saysNew };
  }
  const composed = compose(base, new Map([...said, [source, newProfile.own]]), linked, maker, authority.rank);
  const isMixed = record.origins !== undefined || Object.keys(composed.origins).length > 1;
  return {
    person: composed.person,
    links: composed.links,
    service,
    saysNew,
    ...compact({ origins: isMixed ? composed.origins : undefined }),
  };
}

/**
 * A person nobody knew, made of what an event says and, where it says nothing, of what may be guessed from it.
 *
 * @param since what the source said of being in service later than the event
 * @throws ScimInputError for values that are not of their attribute's type
 */
export function firstOf(
  event: AuthenticatedEvent,
  since: AuthenticatedEvent | undefined,
  authority: Authority,
): Next {
  const { source, subject, person: attributes = {}, guess = {} } = event;
  const { id, userName, email, externalId = id } = subject;
  const said = parse({
    userName: userName ?? email ?? id,
    ...compact({ externalId }),
    ...guess,
    ...attributes,
  });
  const outside = { unassigned: { since: event.occurredAt ?? '', byScope: true as const } };
  const isOutside = event.needsScope === true && scopeWordOf(event) === undefined;
  const begun = { ...withStatus({}, event), ...(isOutside ? outside : {}) };
  const isFull = event.completeness === 'full' && event.operations === undefined;
  const profiled =
    isFull && event.person !== undefined
      ? firstProfile(begun, event)
      : (withProfile({}, begun, event, said, true)?.linkState ?? begun);
  const linkState = since === undefined ? profiled : (withStatus(profiled, since) ?? profiled);
  const read = since === undefined ? withReading(linkState, event) : linkState;
  const links = { [source]: { ...withLinkState(undefined, id, read), isMaker: true as const } };
  const service = serviceOf(links, authority);
  const active = activeAfter(service, said.active, statusWordOf(event) === 'in');
  return { person: withActive(said, active), links, service };
}

/** A status remembers the reading that said it, and forgets an earlier one with anything else that is said. */
function withReading(linkState: LinkState, { kind, completeness, readAs }: AuthenticatedEvent): LinkState {
  const { readAs: _, ...rest } = linkState;
  const isReading = kind === 'upsert' && completeness === 'full' && readAs !== undefined;
  return isReading ? { ...rest, readAs } : rest;
}

/** `userName` and `externalId` belong to the source that made the person. */
function ownNames({ person }: PersonRecord, event: AuthenticatedEvent): Partial<Person> {
  if (event.operations === undefined) return namesIn(event);
  const { resource } = applyPatch(person, { Operations: event.operations }.Operations, USER_KIND);
  return namesIn({ ...event, person: resource });
}

export function withActive(person: Person, active: boolean | undefined): Person {
  if (person.active === active) return person;
  const { active: _, ...rest } = person;
  return (active === undefined ? rest : { ...rest, active }) as Person;
}
