import type { PersonRecord } from '../directory/record.ts';
import { makerOf } from '../provision/attribute-source.ts';
import type { Services } from '../provision/services.ts';
import { folded } from '../scim-core/fold.ts';
import type { SourceSettings } from '../tenant/sources.ts';
import { hasChosenIds, identityOf } from '../tenant/trust/identity.ts';
import { type AuthenticatedEvent, isLeaver } from './event.ts';
import { idsOf } from './links.ts';

type Named = Pick<AuthenticatedEvent, 'source' | 'subject' | 'person' | 'kind' | 'group'>;

/** Whose person an event is about. */
export type Found =
  | { readonly is: 'known'; readonly record: PersonRecord }
  | { readonly is: 'nobody' }
  /** Has to wait for an operator: what names the person could name another one, or names two. */
  | { readonly is: 'unsure'; readonly record: PersonRecord; readonly why: string; readonly isTwo?: true };

const NOBODY: Found = { is: 'nobody' };
/** A person's addresses are looked up up to here. */
const LOOKED_UP = 5;

/**
 * Finds whom an event is about: by the id that the source has given before; by an `externalId` that is this id, where
 * the source has no other id of the person and it is no other source's id; by user name and e-mail address, as far as the
 * source's may name a person.
 * One request for a person whom the source knows under the names that are stored.
 *
 * @param settings of the source; undefined where an operator has said that the person whom it names is meant
 */
export async function findSubject(
  services: Services,
  tenant: string,
  event: Named,
  settings: SourceSettings | undefined,
): Promise<Found> {
  const byId = await findById(services, tenant, event, settings);
  if (byId === undefined) return findByName(services, tenant, event, settings);
  if (byId.is !== 'known') return byId;
  const other = await otherPerson(services, tenant, event, byId.record);
  if (other === undefined) return byId;
  const why = `the id is that of ${byId.record.person.userName}, and userName or e-mail that of ${other.person.userName}`;
  return settings === undefined ? byId : { is: 'unsure', record: byId.record, why, isTwo: true };
}

/** Finds a person by the source's id alone: a person whom a source doesn't know any more is no other one. */
export async function findById(
  { directory }: Services,
  tenant: string,
  event: Pick<Named, 'source' | 'subject' | 'kind' | 'group'>,
  settings: SourceSettings | undefined,
): Promise<Found | undefined> {
  const { source, subject } = event;
  if (subject.id !== undefined) {
    const value = `${source}/${subject.id}`;
    const linked = newest(await directory.findPerson(tenant, { attribute: 'link', value }));
    if (linked !== undefined) return { is: 'known', record: linked };
  }
  for (const [value, isOurs] of [
    [subject.externalId, true],
    [subject.id, false],
  ] as const) {
    if (value === undefined) continue;
    const found = await directory.findPerson(tenant, { attribute: 'externalId', value });
    const free = found.filter(
      (each) => isOurs || (each.links?.[source]?.id === undefined && !isIdElsewhere(each, source, value)),
    );
    const [record, other] = free.length > 1 ? free.filter(({ deletedAt }) => deletedAt === undefined) : free;
    if (record === undefined || other !== undefined) continue;
    if (isOurs || settings === undefined || !hasChosenIds(settings) || isLeaver(event)) {
      return { is: 'known', record };
    }
    return { is: 'unsure', record, why: 'the id was chosen by its owner, and is the externalId of a person' };
  }
  return undefined;
}

/**
 * Whether an `externalId` is the id of another source, which made the person: sources that number their people have the
 * same ids for different ones.
 */
function isIdElsewhere(record: PersonRecord, source: string, id: string): boolean {
  const maker = makerOf(record);
  return maker !== source && idsOf(record.links?.[maker] ?? {}).includes(id);
}

async function findByName(
  { directory }: Services,
  tenant: string,
  { source, subject, person }: Named,
  settings: SourceSettings | undefined,
): Promise<Found> {
  const isSelfService = settings !== undefined && identityOf(settings) === 'self-service';
  const judged = (record: PersonRecord, isEmail: boolean): Found =>
    !isSelfService || (isEmail && subject.isEmailVerified === true)
      ? { is: 'known', record }
      : { is: 'unsure', record, why: `${source} does not say that the e-mail address is verified` };
  for (const userName of new Set([subject.email, subject.userName, text(person?.userName)])) {
    if (userName === undefined) continue;
    const [found] = await directory.findPerson(tenant, { attribute: 'userName', value: userName });
    if (found !== undefined) return judged(found, userName === subject.email);
  }
  for (const email of new Set([subject.email, subject.userName])) {
    if (email?.includes('@') !== true) continue;
    const found = await directory.findPerson(tenant, { attribute: 'email', value: email });
    const [only, other] = found.filter(({ deletedAt }) => deletedAt === undefined);
    if (only !== undefined && other === undefined) return judged(only, email === subject.email);
  }
  return NOBODY;
}

/** Another person who has a name that the event says of this one, if there is one. */
async function otherPerson(
  { directory }: Services,
  tenant: string,
  { subject, person }: Named,
  record: PersonRecord,
): Promise<PersonRecord | undefined> {
  const known = new Set([record.person.userName, ...emailsOf(record.person)].map(folded));
  const isNew = (name: string | undefined): name is string => name !== undefined && !known.has(folded(name));
  const isOther = ({ id, deletedAt }: PersonRecord) => id !== record.id && deletedAt === undefined;
  for (const userName of new Set([subject.userName, text(person?.userName), subject.email].filter(isNew))) {
    const [found] = await directory.findPerson(tenant, { attribute: 'userName', value: userName });
    if (found !== undefined && isOther(found)) return found;
  }
  const emails = [subject.email, ...emailsOf(person ?? {})].filter(isNew).slice(0, LOOKED_UP);
  for (const email of new Set(emails)) {
    const found = await directory.findPerson(tenant, { attribute: 'email', value: email });
    const other = found.find(isOther);
    if (other !== undefined) return other;
  }
  return undefined;
}

export function emailsOf({ emails }: { readonly emails?: unknown }): string[] {
  if (!Array.isArray(emails)) return [];
  return emails.flatMap((email: unknown) => {
    const value = typeof email === 'object' && email !== null && 'value' in email ? email.value : undefined;
    return typeof value === 'string' && value !== '' ? [value] : [];
  });
}

/** By what pending events and early ones know a person, or a group that itself is what they are about. */
export function subjectKey({
  source,
  subject,
  group,
  isOfGroup,
}: Pick<AuthenticatedEvent, 'source' | 'subject' | 'group' | 'isOfGroup'>): string {
  const { id, userName, email, externalId } = subject;
  if (isOfGroup === true) return `${source}/group/${group?.id ?? ''}`;
  return `${source}/${id ?? userName?.toLowerCase() ?? email?.toLowerCase() ?? externalId ?? ''}`;
}

/** A person who left and came back under the same id is there twice: the one who is there counts. */
function newest(records: readonly PersonRecord[]): PersonRecord | undefined {
  return records.find(({ deletedAt }) => deletedAt === undefined) ?? records.at(-1);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
