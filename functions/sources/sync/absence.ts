import { type DocumentForm, objectOf, readForm } from '../../directory/documents.ts';
import { type PersonRecord, PRIORITY } from '../../directory/record.ts';
import { authorityOf } from '../../events/authority.ts';
import { isHeldOut, linkStateOf } from '../../events/links.ts';
import { makerOf } from '../../provision/attribute-source.ts';
import { compact } from '../../runtime/compact.ts';
import { FetchError } from '../fetcher.ts';
import { unknownStatusText } from '../status.ts';
import { applyDeparture, applyPerson, type RowResult, type RowTerms } from './rows.ts';
import type { ListedSource } from './source.ts';

const HOUR_MS = 3_600_000;
/** Two complete lists without a person count when they are so far apart. */
const APART_MS = 12 * HOUR_MS;
const KEPT_SECONDS = 30 * 86_400;

/**
 * Looks at a person who was in service and is not on a complete list. Who can be read is read once more, to tell a leaver
 * from a list that is wrong; who can't has to be missing from two complete lists in a row. Whom another source owns stays,
 * unless this one says by the reading that the person is out.
 *
 * @param number which complete reading this is
 * @param startedAt ISO 8601: when the reading began; what was said since then is newer
 * @returns undefined where nothing is left to be done
 */
export async function lookForAbsent(
  source: ListedSource,
  id: string,
  number: number,
  startedAt: string,
): Promise<RowResult | undefined> {
  const record = await recordOf(source, id);
  if (record === undefined) return undefined;
  const owner = ownerOf(source, record);
  const kept: RowResult | undefined =
    owner === undefined
      ? undefined
      : {
          verdict: 'kept',
          reason: `not on the list, but ${owner} has the person: authority.inService does not name ${source.name}`,
        };
  const terms = (askedAt: string): RowTerms => ({
    kind: 'full',
    askedAt,
    priority: PRIORITY.interactive,
    roster: undefined,
    read: new Set(),
  });
  const { fetcher, context, services, listing } = source;
  if (fetcher === undefined) {
    if (kept !== undefined) return kept;
    const reason =
      'not on the list; leaves when the next complete one says the same, 12 hours later at the earliest';
    if (!(await isMissingTwice(source, id, number))) return { verdict: 'kept', reason };
    return applyDeparture(source, id, 'soft-deleted', terms(startedAt));
  }
  const askedAt = new Date(services.clock.now()).toISOString();
  try {
    const fetched = await fetcher({ id }, context);
    if (fetched.outcome === 'not-found') {
      if (kept !== undefined) return kept;
      const isRestorable = (await listing.isRestorable?.(context, id)) === true;
      return applyDeparture(source, id, isRestorable ? 'soft-deleted' : 'deleted', terms(askedAt));
    }
    const { unknownStatus } = fetched;
    if (unknownStatus !== undefined) {
      return { verdict: 'kept', reason: `not on the list, and ${unknownStatusText(unknownStatus)}` };
    }
    const isOut = fetched.person.active === false || fetched.isInScope === false;
    const applied = await applyPerson(source, id, fetched, terms(askedAt));
    if (isOut) return { ...applied, verdict: 'gone' };
    if (kept !== undefined) return kept;
    if (fetched.isInScope === true || listing.isPart?.(context) !== true) {
      return { verdict: 'kept', reason: 'not on the list, but can be read and is in service' };
    }
    if (!(await isMissingTwice(source, id, number))) {
      return {
        verdict: 'kept',
        reason: 'not on the list, but can be read; leaves when the next complete one says the same',
      };
    }
    return applyDeparture(source, id, 'out-of-scope', terms(askedAt));
  } catch (error) {
    // Of one person who may not be read nothing is known; credentials that fail are everybody's matter.
    if (!(error instanceof FetchError) || error.status !== 403 || !error.isPermanent) throw error;
    return { verdict: 'kept', reason: 'not on the list, and may not be read' };
  }
}

/** The person whom the source has under an id, in service as far as the source has said. */
async function recordOf(
  { services, tenant, name }: ListedSource,
  id: string,
): Promise<PersonRecord | undefined> {
  const found = await services.directory.findPerson(tenant, { attribute: 'link', value: `${name}/${id}` });
  const record = found.find(({ deletedAt }) => deletedAt === undefined);
  return record === undefined || isHeldOut(linkStateOf(record.links?.[name], id)) ? undefined : record;
}

/**
 * Another source that owns a person: the one that made it, unless the tenant says that this source decides who is in
 * service.
 */
function ownerOf({ name, provisioning }: ListedSource, record: PersonRecord): string | undefined {
  const { tenant } = provisioning;
  const isNamed = tenant.authority?.inService?.includes(name) === true;
  const maker = makerOf(record);
  if (isNamed || (maker === name && authorityOf(tenant).decidesService(name))) return undefined;
  return maker === name ? 'another source' : maker;
}

/** Since when a person is missing, epoch ms, and in which complete reading last. */
const absenceForm = (id: string): DocumentForm<{ readonly since?: number; readonly number?: number }> => ({
  name: id,
  parse: (stored) => {
    const { since, number } = objectOf(stored);
    return compact({
      since: typeof since === 'number' ? since : undefined,
      number: typeof number === 'number' ? number : undefined,
    });
  },
});

/** Whether the complete reading before this one missed the person as well, long enough ago. */
async function isMissingTwice(
  { services, tenant, name }: ListedSource,
  id: string,
  number: number,
): Promise<boolean> {
  const { directory, clock } = services;
  const owner = `${tenant}#absent#${name}`;
  const before = await readForm(directory, owner, absenceForm(id));
  const now = clock.now();
  const isInRow = before.number === number - 1 || before.number === number;
  const since = isInRow ? (before.since ?? now) : now;
  if (isInRow && now - since >= APART_MS) return true;
  const expiresAt = Math.ceil(now / 1_000) + KEPT_SECONDS;
  await directory.writeDocument(owner, id, { since, number }, undefined, expiresAt);
  return false;
}
