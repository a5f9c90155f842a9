import { type PersonRecord, PRIORITY } from '../../functions/directory/record.ts';
import { idsOf, linksOf } from '../../functions/events/links.ts';
import { acceptInline } from '../../functions/provision/accept-inline.ts';
import { isProvisional } from '../../functions/provision/lifecycle.ts';
import type { Services } from '../../functions/provision/services.ts';
import type { TenantProvisioning } from '../../functions/provision/tenant.ts';
import { compact } from '../../functions/runtime/compact.ts';
import { ScimInputError } from '../../functions/scim-core/error.ts';
import type { Candidate } from './candidate.ts';
import type { Verdict } from './checkpoint.ts';
import { IMPORT, type Joining, joinGroups } from './join.ts';

/** How often a person is looked at anew that another writer changed meanwhile. */
const MAX_RACES = 5;

export interface TakeTerms {
  /** The source whose ids the rows have. */
  readonly source?: string;
  /** Groups that everybody in the file is in. */
  readonly groups?: readonly string[];
}

/** What became of a row. */
export interface Taken {
  readonly candidate: Candidate;
  readonly verdict: Verdict;
  /** For a reject. */
  readonly reason?: string;
}

/** What became of a row but for its groups, into which the person is still to be put. */
type Stored = Taken & { readonly joining?: Joining };

/** Stores what rows say of persons, each by itself, or says why it can't be. */
export async function takeAll(
  candidates: readonly Candidate[],
  provisioning: TenantProvisioning,
  services: Services,
  terms: TakeTerms,
): Promise<Taken[]> {
  const stored = await Promise.all(candidates.map((each) => take(each, provisioning, services, terms)));
  const joining = stored.flatMap((each) => each.joining ?? []);
  const joined = await joinGroups(services, provisioning.name, joining);
  return stored.map(({ joining: own, ...taken }) =>
    taken.verdict === 'unchanged' && joined.has(own?.record.id ?? '')
      ? { ...taken, verdict: 'changed' }
      : taken,
  );
}

async function take(
  candidate: Candidate,
  provisioning: TenantProvisioning,
  services: Services,
  { source, groups: ofAll = [] }: TakeTerms,
): Promise<Stored> {
  const { userName, person: make, problem } = candidate;
  if (userName === undefined || make === undefined) {
    return { candidate, verdict: 'rejected', reason: problem ?? 'The line says nothing.' };
  }
  try {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const before = await findByName(services, provisioning.name, userName);
      // A person who was deleted comes back as the file has it, not as the person was.
      const isThere = before !== undefined && before.deletedAt === undefined;
      const { person, changed } = make(isThere ? before.person : undefined);
      const links = await linksWith(services, provisioning.name, before, source, candidate.sourceId);
      if (typeof links === 'string') return { candidate, verdict: 'rejected', reason: links };
      const isSame = isThere && !changed && !isProvisional(before) && links === undefined;
      const verdict = !isThere ? 'new' : isSame ? 'unchanged' : 'changed';
      const groups = [...new Set([...ofAll, ...(candidate.groups ?? [])])];
      if (isSame) return { candidate, verdict, joining: { record: before, groups } };
      const accepted = await acceptInline(provisioning, services, {
        person,
        source: IMPORT,
        // Who joined a moment ago doesn't go behind the back-fill.
        priority: before?.state === 'due' ? before.priority : PRIORITY.backfill,
        ...compact({ before, links }),
      });
      if (accepted.outcome !== 'stored') continue;
      return { candidate, verdict, joining: { record: accepted.record, groups } };
    }
    return { candidate, verdict: 'rejected', reason: 'Somebody else changes the person all the time.' };
  } catch (error) {
    if (!(error instanceof ScimInputError)) throw error;
    return { candidate, verdict: 'rejected', reason: error.message };
  }
}

/** The links with the source's id; undefined where it is known, and why where it can't be. */
async function linksWith(
  { directory }: Services,
  tenant: string,
  before: PersonRecord | undefined,
  source: string | undefined,
  id: string | undefined,
): Promise<PersonRecord['links'] | string> {
  if (source === undefined || id === undefined) return undefined;
  const links = before === undefined ? {} : linksOf(before);
  const link = links[source] ?? {};
  if (idsOf(link).includes(id)) return undefined;
  if (link.id !== undefined) return `${source} has the id ${link.id} for the person, and not ${id}.`;
  const [holder] = await directory.findPerson(tenant, { attribute: 'link', value: `${source}/${id}` });
  if (holder !== undefined && holder.id !== before?.id) {
    return `${source} has the id ${id} for ${holder.person.userName}.`;
  }
  return { ...links, [source]: { ...link, id } };
}

async function findByName(
  { directory }: Services,
  tenant: string,
  userName: string,
): Promise<PersonRecord | undefined> {
  const [record] = await directory.findPerson(tenant, { attribute: 'userName', value: userName });
  return record;
}
