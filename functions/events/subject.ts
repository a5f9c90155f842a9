import type { PersonRecord } from '../directory/record.ts';
import type { Services } from '../provision/services.ts';
import type { AuthenticatedEvent, Subject } from './event.ts';

/**
 * Finds whom an event is about: by the id that the source has given before, by userName, by an e-mail address that only
 * one person has. One request for somebody whom the source knows.
 */
export async function findSubject(
  { directory }: Services,
  tenant: string,
  { source, subject, person }: Pick<AuthenticatedEvent, 'source' | 'subject' | 'person'>,
): Promise<PersonRecord | undefined> {
  if (subject.id !== undefined) {
    const linked = await directory.findPerson(tenant, {
      attribute: 'link',
      value: `${source}/${subject.id}`,
    });
    if (linked.length > 0) return newest(linked);
  }
  if (subject.externalId !== undefined) {
    const value = subject.externalId;
    const known = await directory.findPerson(tenant, { attribute: 'externalId', value });
    if (known.length === 1) return known[0];
  }
  const names = new Set([subject.userName, text(person?.userName), subject.email]);
  for (const userName of names) {
    if (userName === undefined) continue;
    const [found] = await directory.findPerson(tenant, { attribute: 'userName', value: userName });
    if (found !== undefined) return found;
  }
  for (const email of new Set([subject.email, subject.userName])) {
    if (email?.includes('@') !== true) continue;
    const found = await directory.findPerson(tenant, { attribute: 'email', value: email });
    const [only, other] = found.filter(({ deletedAt }) => deletedAt === undefined);
    if (only !== undefined && other === undefined) return only;
  }
  return undefined;
}

/** By what tasks and tombstones know somebody. */
export function subjectKey({ source, subject }: { source: string; subject: Subject }): string {
  const { id, userName, email, externalId } = subject;
  return `${source}/${id ?? userName?.toLowerCase() ?? email?.toLowerCase() ?? externalId ?? ''}`;
}

/** Somebody who left and came back under the same id is there twice: the one who is there counts. */
function newest(records: readonly PersonRecord[]): PersonRecord | undefined {
  return records.find(({ deletedAt }) => deletedAt === undefined) ?? records.at(-1);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
