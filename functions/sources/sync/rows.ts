import { hash } from 'node:crypto';
import type { Priority } from '../../directory/record.ts';
import type { Applied } from '../../events/applied.ts';
import { type ApplyContext, applyEvent } from '../../events/apply.ts';
import { deliver } from '../../events/deliver.ts';
import type { AuthenticatedEvent, EventKind, Item, PersonEvent } from '../../events/event.ts';
import { linkStateOf } from '../../events/links.ts';
import { emailsOf } from '../../events/subject.ts';
import { makerOf } from '../../provision/attribute-source.ts';
import { compact } from '../../runtime/compact.ts';
import type { Fetched } from '../fetcher.ts';
import { applyFetched, ReadingRefused } from '../pending-work.ts';
import { unknownStatusText } from '../status.ts';
import type { Departure, Row } from './listing.ts';
import type { Membership } from './membership.ts';
import type { Known } from './roster.ts';
import type { ListedSource } from './source.ts';
import type { ReadingKind, RowVerdict } from './state.ts';

/** How rows of a reading are applied. */
export interface RowTerms {
  readonly kind: ReadingKind;
  /** ISO 8601: when the page was asked for. What is newer than that wins. */
  readonly askedAt: string;
  readonly priority: Priority;
  /** Whom the source is linked to; undefined where that is looked up one by one. */
  readonly roster: ReadonlyMap<string, Known> | undefined;
  /** Who is in which groups; undefined where each reading by id tells. */
  readonly membership?: Membership | undefined;
  /** Ids that this reading has read: what a log says of them besides is known. */
  readonly read: ReadonlySet<string>;
}

type FoundPerson = Extract<Fetched, { outcome: 'found' }>;

export interface RowResult {
  readonly verdict: RowVerdict;
  readonly reason?: string;
}

const KIND_OF: Readonly<Record<Departure, EventKind>> = {
  deleted: 'remove',
  'soft-deleted': 'suspend',
  'out-of-scope': 'unassign',
};

/**
 * Applies one row as a webhook's event is applied, by links, authority, scope and order; what says the same as the last
 * reading is passed over.
 *
 * @throws FetchError where the person has to be read and can't be
 */
export async function applyRow(source: ListedSource, row: Row, terms: RowTerms): Promise<RowResult> {
  switch (row.is) {
    case 'person':
      return applyPerson(source, row.id, row.found, terms, row.isEmailVerified);
    case 'changed':
      return readAndApply(source, row.id, terms);
    case 'gone':
      return applyDeparture(source, row.id, row.how, terms);
    case 'unusable':
      return { verdict: 'unusable', reason: row.reason };
    case 'event':
      return applyItem(source, row.item, terms);
  }
}

export async function applyPerson(
  source: ListedSource,
  id: string,
  found: FoundPerson,
  terms: RowTerms,
  isEmailVerified?: boolean,
): Promise<RowResult> {
  if (found.unknownStatus !== undefined) {
    return {
      verdict: 'unusable',
      reason: unknownStatusText(found.unknownStatus),
    };
  }
  const grouped = withMembership(id, found, terms);
  const readAs = digestOf(grouped, source);
  const known = terms.roster === undefined ? await knownOf(source, id) : terms.roster.get(id);
  if (known?.readAs === readAs) return { verdict: 'unchanged' };
  const whole = await withGroups(source, id, grouped);
  return applyFound(source, id, whole, earliest(terms, grouped), readAs, known, isEmailVerified);
}

/** The groups of a person where they were read by group. */
function withMembership(id: string, found: FoundPerson, { membership }: RowTerms): FoundPerson {
  if (membership === undefined || found.groups !== undefined) return found;
  return { ...found, groups: membership.of(id), groupsAmong: membership.among };
}

/** Groups were asked for before the page: what was said since then is newer than the whole row. */
function earliest(terms: RowTerms, { groupsAmong }: FoundPerson): RowTerms {
  const { membership, askedAt } = terms;
  if (membership === undefined || groupsAmong === undefined || membership.askedAt >= askedAt) return terms;
  return { ...terms, askedAt: membership.askedAt };
}

/** Where rules speak of groups and the list has none, who is new or changed is read by id, which tells them. */
async function withGroups(
  { fetcher, context }: ListedSource,
  id: string,
  found: FoundPerson,
): Promise<FoundPerson> {
  if (!context.readsGroups || found.groups !== undefined || found.person.active === false) return found;
  if (fetcher === undefined) return found;
  const fetched = await fetcher({ id }, context);
  return fetched.outcome === 'found' ? fetched : found;
}

async function applyFound(
  source: ListedSource,
  id: string,
  found: FoundPerson,
  terms: RowTerms,
  readAs: string,
  known: Known | undefined,
  isEmailVerified: boolean | undefined,
): Promise<RowResult> {
  const { userName } = found.person;
  const subject = {
    id,
    ...compact({
      userName: typeof userName === 'string' && userName !== '' ? userName : undefined,
      email: emailsOf(found.person)[0],
      isEmailVerified: isEmailVerified === true || undefined,
    }),
  };
  const event = { ...eventOf(source, id, 'upsert', terms), subject, readAs };
  const apply = async (): Promise<RowResult | ReadingRefused> => {
    try {
      const applied = await applyFetched(contextOf(source, terms), { event }, found, terms.askedAt);
      return { verdict: verdictOf(applied, source.name, known !== undefined, found.person.active === false) };
    } catch (error) {
      if (error instanceof ReadingRefused) return error;
      throw error;
    }
  };
  const first = await apply();
  const isMadeOne = first instanceof ReadingRefused && (await haveLeft(source, first.others, terms));
  const result = isMadeOne ? await apply() : first;
  if (!(result instanceof ReadingRefused)) return result;
  return { verdict: result.isTwo ? 'ambiguous' : 'unmatched', reason: result.message };
}

/**
 * Whether a person's other accounts are out of service by now: a returner gets a new account, and the event
 * that ended the former one may be lost, or be the next to be read.
 */
async function haveLeft(source: ListedSource, ids: readonly string[], terms: RowTerms): Promise<boolean> {
  if (source.fetcher === undefined || ids.length === 0) return false;
  const verdicts = [];
  for (const id of ids) verdicts.push((await readAndApply(source, id, terms)).verdict);
  return verdicts.includes('gone');
}

async function readAndApply(source: ListedSource, id: string, terms: RowTerms): Promise<RowResult> {
  const { fetcher, services, context } = source;
  if (fetcher === undefined)
    return { verdict: 'unmatched', reason: 'a person can not be read from the source' };
  const askedAt = new Date(services.clock.now()).toISOString();
  const fetched = await fetcher({ id }, context);
  if (fetched.outcome === 'found') return applyPerson(source, id, fetched, { ...terms, askedAt });
  return applyDeparture(source, id, 'soft-deleted', { ...terms, askedAt });
}

/** A person whom the source calls gone: news of the one who is linked to the id alone. */
export async function applyDeparture(
  source: ListedSource,
  id: string,
  how: Departure,
  terms: RowTerms,
): Promise<RowResult> {
  const known = terms.roster === undefined ? await knownOf(source, id) : terms.roster.get(id);
  if (known === undefined) return { verdict: 'outside' };
  const applied = await applyEvent(contextOf(source, terms), eventOf(source, id, KIND_OF[how], terms));
  return { verdict: applied.outcome === 'stored' ? 'gone' : 'unchanged' };
}

/** What the webhook would have brought: the same event by its key, or one that it has brought already. */
async function applyItem(source: ListedSource, item: Item, terms: RowTerms): Promise<RowResult> {
  if (item.kind === 'bad') return { verdict: 'unusable', reason: item.reason };
  if (item.kind !== 'event') return { verdict: 'unchanged' };
  const { event } = item;
  const isRead = event.group === undefined && terms.read.has(event.subject.id ?? '');
  if (isRead) return { verdict: 'unchanged' };
  const context = { ...contextOf(source, terms), canFetch: source.fetcher !== undefined };
  const { isListed: _, isReading: _r, ...applying } = context;
  const delivered = await deliver(applying, { ...event, source: source.name, trust: 'signed' });
  switch (delivered.outcome) {
    case 'repeated':
    case 'unchanged':
    case 'stale':
    case 'nobody':
      return { verdict: 'unchanged' };
    case 'invalid':
      return { verdict: 'unmatched', reason: delivered.reason };
    default:
      return { verdict: 'changed' };
  }
}

function contextOf({ services, tenant, provisioning }: ListedSource, { priority }: RowTerms): ApplyContext {
  return {
    services,
    tenant,
    configuration: provisioning.tenant,
    canFetch: false,
    isReading: true,
    isListed: true,
    priority,
  };
}

function eventOf(
  { name }: ListedSource,
  id: string,
  kind: PersonEvent['kind'],
  { kind: reading, askedAt }: RowTerms,
): AuthenticatedEvent {
  return {
    kind,
    type: `sync.${reading}`,
    subject: { id },
    completeness: 'full',
    occurredAt: askedAt,
    source: name,
    trust: 'signed',
  };
}

async function knownOf({ services, tenant, name }: ListedSource, id: string): Promise<Known | undefined> {
  const found = await services.directory.findPerson(tenant, { attribute: 'link', value: `${name}/${id}` });
  const record = found.find(({ deletedAt }) => deletedAt === undefined) ?? found.at(-1);
  const link = record?.links?.[name];
  if (record === undefined || link === undefined) return undefined;
  return { readAs: linkStateOf(link, id).readAs, isIn: record.deletedAt === undefined };
}

function verdictOf(applied: Applied, source: string, isKnown: boolean, isOut: boolean): RowVerdict {
  switch (applied.outcome) {
    case 'stored':
      // Of a person who was here, a group may be all that has changed.
      if (applied.record.personVersion === 1 && !isKnown && makerOf(applied.record) === source) return 'new';
      return isOut ? 'gone' : 'changed';
    case 'unchanged':
      return isKnown ? 'unchanged' : 'linked';
    case 'later':
      return 'waiting';
    case 'held':
      return 'ambiguous';
    case 'nobody':
      return 'outside';
    default:
      return 'unchanged';
  }
}

/**
 * Digest of all that a reading says of a person, and of the configuration by which it is applied: an unchanged row is
 * applied again once another scope, authority or time zone is configured, or a rule speaks of groups.
 */
function digestOf(found: FoundPerson, { provisioning, settings, context }: ListedSource): string {
  const { outcome: _, groupsAmong, ...rest } = found;
  const { groups: _groups, ...ungrouped } = rest;
  // As of a list without groups for a person who is in none: else the first reading by group would apply all anew.
  const said = groupsAmong !== undefined && rest.groups?.length === 0 ? ungrouped : rest;
  const { authority, timeZone } = provisioning.tenant;
  const hasDays = found.joinsAt !== undefined || found.leavesAt !== undefined;
  const applied = compact({
    scope: settings.scope,
    identity: settings.identity,
    authority,
    timeZone: hasDays ? timeZone : undefined,
    groups: context.readsGroups || undefined,
  });
  // As before where nothing of it is configured: else an upgrade would have everybody applied once more.
  const text = JSON.stringify(Object.keys(applied).length === 0 ? said : [said, applied]);
  return hash('sha256', text, 'base64url').slice(0, 16);
}
