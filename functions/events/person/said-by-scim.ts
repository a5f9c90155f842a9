import type { LinkState, PersonRecord } from '../../directory/record.ts';
import { makerOf } from '../../provision/attribute-source.ts';
import { timestamp } from '../../runtime/clock.ts';
import { compact } from '../../runtime/compact.ts';
import type { Person } from '../../scim-core/person.ts';
import { sameValue } from '../../scim-core/resource/resource.ts';
import { type Authority, activeAfter, serviceOf } from '../authority.ts';
import { type Links, linkStateOf, linksOf, SCIM, withLinkState } from '../links.ts';
import { withActive } from './next.ts';
import { compose, saidBy } from './profile.ts';
import { type Values, valuesOf } from './values.ts';

/** What a SCIM client says of a person. */
export interface ScimWord {
  /** The person as the client would have it. */
  readonly person: Person;
  /** The client said all that it knows (POST, PUT), and not a change alone (PATCH). */
  readonly isWhole: boolean;
  /** `active` as far as the request names it. */
  readonly active: boolean | undefined;
  readonly deleted?: true;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** The person as it is to be stored, with what other sources have said of it. */
export interface AfterWord {
  readonly person: Person;
  readonly deleted: boolean;
  readonly links?: Links;
  readonly origins?: NonNullable<PersonRecord['origins']>;
}

/**
 * What a SCIM client's word makes of a person whom other sources may know as well: it says nothing in their place. A
 * person who is deactivated stays so unless the client says otherwise.
 */
export function afterWord(before: PersonRecord, word: ScimWord, authority: Authority): AfterWord {
  const { person, deleted = false } = word;
  if (before.links === undefined) {
    const isOut =
      word.isWhole &&
      word.active === undefined &&
      before.deletedAt === undefined &&
      before.person.active === false;
    return { person: isOut ? withActive(person, false) : person, deleted };
  }
  const known = linksOf(before);
  const linkState = withWord(linkStateOf(known[SCIM], undefined), word);
  const links = { ...known, [SCIM]: withLinkState(known[SCIM], undefined, linkState) };
  const service = serviceOf(links, authority, before);
  const isDeleted = deleted || service.isDeleted;
  const active = activeAfter(service, before.person.active, word.active === true);
  if (deleted) return { person: withActive(person, active), deleted: true, links };
  const said = saidBy(before);
  const own = word.isWhole ? valuesOf(person) : ownAfter(said.get(SCIM) ?? {}, before.person, person);
  const maker = makerOf(before);
  const composed = compose(
    withActive(person, active),
    new Map([...said, [SCIM, own]]),
    links,
    maker,
    authority.rank,
  );
  const isMixed = before.origins !== undefined || Object.keys(composed.origins).length > 1;
  return {
    person: composed.person,
    deleted: isDeleted,
    links: composed.links,
    ...compact({ origins: isMixed ? composed.origins : undefined }),
  };
}

function withWord(linkState: LinkState, { active, deleted, now }: ScimWord): LinkState {
  const at = timestamp(now);
  const { out, ...rest } = linkState;
  if (deleted === true) return { ...rest, statusAt: at, out: { since: out?.since ?? at, gone: true } };
  if (active === false) return { ...rest, statusAt: at, out: { since: out?.since ?? at } };
  return active === true ? { ...rest, statusAt: at } : { profileAt: at, ...linkState };
}

/** The client's own values after a change of what it sees. */
function ownAfter(own: Values, before: Person, after: Person): Values {
  const [seen, changed] = [valuesOf(before), valuesOf(after)];
  const result: Record<string, unknown> = { ...own };
  for (const key of new Set([...Object.keys(seen), ...Object.keys(changed)])) {
    if (sameValue(seen[key], changed[key])) continue;
    if (changed[key] === undefined) delete result[key];
    else result[key] = changed[key];
  }
  return result;
}
