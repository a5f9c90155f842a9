import { everyPage, type From } from '../directory/pages.ts';
import type { PersonRecord } from '../directory/record.ts';
import { holdReason, resetBrake } from '../provision/brake/brake.ts';
import { changeRecord } from '../provision/change-record.ts';
import { HISTORY_DAYS } from '../provision/history.ts';
import { discarded, releasedByOperator } from '../provision/lifecycle.ts';
import type { Services } from '../provision/services.ts';
import { compact } from '../runtime/compact.ts';
import { folded } from '../scim-core/fold.ts';
import { type Actor, type AuditEntry, lastAction, recordAction } from './audit.ts';

/** Which of those that the brake holds are meant. */
export type Selection =
  | { readonly all: true }
  /** By userName, without regard to case, or by id. */
  | { readonly persons: readonly string[] }
  /** Whom this source wrote last. */
  | { readonly source: string }
  /** Whose change comes from this rule. */
  | { readonly rule: string };

/** One person whom the brake holds. */
export interface HeldPerson {
  readonly id: string;
  readonly userName: string;
  readonly source: string;
  /** ISO 8601: since when the person waits. */
  readonly since: string;
  readonly movement: 'leaving' | 'change';
  readonly reason: string;
  readonly fields?: readonly string[];
  readonly rules?: readonly string[];
}

export interface Decided {
  /** How many go on, or stay as they are. */
  readonly count: number;
  /** Named persons whom the brake doesn't hold (any more). */
  readonly unknown: readonly string[];
  /** How many are held still. */
  readonly left: number;
}

const PAGE = 100;

/** A page of those whom the brake holds; its cursor keeps the place while some of them are decided about. */
export async function listHeldPage(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
  page: { readonly limit: number; readonly after?: string },
): Promise<{ readonly held: readonly HeldPerson[]; readonly next?: string }> {
  const { persons, next } = await directory.heldPersons(tenant, page);
  return { held: persons.map(heldPerson), ...compact({ next }) };
}

/** All persons whom the brake holds, a page at a time from the directory. */
export async function* listHeld(
  services: Pick<Services, 'directory'>,
  tenant: string,
): AsyncGenerator<HeldPerson> {
  for await (const record of heldRecords(services, tenant)) yield heldPerson(record);
}

/** The ids of those that the brake holds and that are meant. */
export async function heldIds(
  services: Pick<Services, 'directory'>,
  tenant: string,
  selection: Selection,
): Promise<Set<string>> {
  const named = namesIn(selection);
  const ids = new Set<string>();
  for await (const record of heldRecords(services, tenant)) {
    if (isSelected(record, selection, named)) ids.add(record.id);
  }
  return ids;
}

/** The last decision about held persons, which another operator may not have seen. */
export function lastDecision(
  services: Pick<Services, 'directory'>,
  tenant: string,
): Promise<AuditEntry | undefined> {
  return lastAction(services, tenant, ({ action, count }) => action.startsWith('brake ') && count !== 0);
}

/** The decision about a person who is held no more, where it is one of the last. */
export function decisionOnHeld(
  services: Pick<Services, 'directory'>,
  tenant: string,
  id: string,
): Promise<AuditEntry | undefined> {
  return lastAction(
    services,
    tenant,
    ({ action, persons }) => action.startsWith('brake ') && Array.isArray(persons) && persons.includes(id),
  );
}

/**
 * Lets those selected leave service or be changed: they go on within minutes and are not counted by the brake again. It
 * opens for no other person; when none is held any more, it counts anew.
 *
 * @param among the ids that were agreed to; whom the brake has caught since waits on
 */
export async function releaseHeld(
  services: Services,
  tenant: string,
  selection: Selection,
  actor: Actor,
  among?: ReadonlySet<string>,
): Promise<Decided> {
  const change = (record: PersonRecord) => releasedByOperator(record, services.clock.now());
  const decided = await decide(services, tenant, { selection, among }, actor, 'brake release', change);
  if (decided.count > 0) await services.ring(tenant);
  return decided;
}

/** Leaves the agents of those selected as they are, until their source or a rule says something new about them. */
export function discardHeld(
  services: Services,
  tenant: string,
  selection: Selection,
  actor: Actor,
  among?: ReadonlySet<string>,
): Promise<Decided> {
  const change = (record: PersonRecord) => discarded(record, services.clock.now());
  return decide(services, tenant, { selection, among }, actor, 'brake discard', change);
}

async function decide(
  services: Services,
  tenant: string,
  { selection, among }: { readonly selection: Selection; readonly among: ReadonlySet<string> | undefined },
  actor: Actor,
  action: 'brake release' | 'brake discard',
  change: (record: PersonRecord) => PersonRecord,
): Promise<Decided> {
  const { directory, clock } = services;
  const named = namesIn(selection);
  const done: string[] = [];
  let others = 0;
  for await (const record of heldRecords(services, tenant)) {
    const names = [record.id, folded(record.person.userName)];
    if (among?.has(record.id) === false || !isSelected(record, selection, named)) {
      others += 1;
      continue;
    }
    if (!(await changeHeld(services, record, change))) continue;
    for (const name of names) named.delete(name);
    done.push(record.id);
    const entry = { at: new Date(clock.now()).toISOString(), what: action, source: actor.by };
    const { reason: message } = actor;
    await directory.appendHistory(tenant, record.id, { ...entry, ...compact({ message }) }, HISTORY_DAYS);
  }
  // The list is a moment behind, and has whom another decision was about just now; the count isn't.
  const left = others === 0 ? 0 : Math.min(others, await directory.countListed(tenant, 'held'));
  if (left === 0) await resetBrake(services, tenant);
  await recordAction(services, tenant, actor, action, {
    selection,
    count: done.length,
    persons: done.slice(0, PAGE),
  });
  return { count: done.length, unknown: [...named], left };
}

/** False when the record is no longer held: what came between decides. */
function changeHeld(
  { directory }: Services,
  record: PersonRecord,
  change: (record: PersonRecord) => PersonRecord,
): Promise<boolean> {
  return changeRecord(directory, record, (current) =>
    current.held === undefined ? undefined : change(current),
  );
}

/** A page is read whole before anything of it changes: a record that is decided about leaves the list. */
async function* heldRecords(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
): AsyncGenerator<PersonRecord> {
  const read = (from: From) => directory.heldPersons(tenant, { limit: PAGE, ...from });
  for await (const { persons } of everyPage(read)) yield* persons;
}

function namesIn(selection: Selection): Set<string> {
  return new Set('persons' in selection ? selection.persons.map(folded) : []);
}

function isSelected(record: PersonRecord, selection: Selection, named: ReadonlySet<string>): boolean {
  if ('all' in selection) return true;
  if ('source' in selection) return record.source === selection.source;
  if ('rule' in selection) return record.hold?.rules?.includes(selection.rule) ?? false;
  return named.has(record.id) || named.has(folded(record.person.userName));
}

function heldPerson(record: PersonRecord): HeldPerson {
  const { id, person, source, updatedAt, hold } = record;
  return {
    id,
    userName: person.userName,
    source,
    since: hold?.since ?? updatedAt,
    movement: hold?.movement ?? 'leaving',
    reason: holdReason(record) ?? '',
    ...compact({ fields: hold?.fields, rules: hold?.rules }),
  };
}
