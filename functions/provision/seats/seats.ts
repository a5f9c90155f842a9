import * as z from 'zod/mini';
import { type DocumentForm, readToChange } from '../../directory/documents.ts';
import { MAX_RACES } from '../../directory/errors.ts';
import type { PersonRecord } from '../../directory/record.ts';
import { once } from '../../runtime/once.ts';
import { changeRecord } from '../change-record.ts';
import { due } from '../lifecycle.ts';
import { reasonCodeOf } from '../listed.ts';
import type { Services } from '../services.ts';
import type { TenantProvisioning } from '../tenant.ts';

/**
 * Seats: how many agents a tenant may have in service (`seats`). Agents in service are counted by the directory, in the
 * transaction that writes their record; a seat for an agent that is about to be made is kept in one document from before
 * the call until that count has it. The document is read first, then the records that it names, then the count, and it is
 * written under the condition that no other function wrote it meanwhile: so a seat is seen in the one or the other, or in
 * both, and never in neither. However many functions work at a time, no more seats are given than there are.
 *
 * Nothing takes a seat out of the document but a look at its record: a function that dies leaves nothing to be undone.
 */

const seatsSchema = once(() => z.object({ taken: z._default(z.record(z.string(), z.number()), {}) }));
type Seats = Readonly<Record<string, number>>;

/** By person's id, since when (epoch ms) a seat is kept. */
const DOCUMENT: DocumentForm<Seats> = {
  name: 'seats',
  parse: (stored) => (stored === undefined ? {} : seatsSchema().parse(stored).taken),
};

/** So many are asked for a seat at a time; those behind them at the next look. */
const PAGE = 200;
/** From so many kept seats on their records are looked at, so that the document stays small. */
const MANY = 25;

type Tenant = Pick<TenantProvisioning, 'name' | 'tenant'>;

/** Whether a record waits for a seat. */
export function waitsForSeat(record: PersonRecord): boolean {
  return reasonCodeOf(record) === 'no-seat';
}

/** Whether a seat is the person's now; `busy`: other functions take seats at this moment, so ask again. */
export type SeatAnswer = 'taken' | 'full' | 'busy';

/**
 * Takes a seat for a person whose agent is about to be made or put in service; `taken` as often as it is asked for the
 * same attempt. While others wait, seats are given to them in their order, and to no other.
 */
export async function takeSeat(
  { name, tenant: { seats } }: Tenant,
  services: Services,
  { id }: PersonRecord,
): Promise<SeatAnswer> {
  if (seats === undefined) return 'taken';
  const { directory } = services;
  for (let race = 0; race < MAX_RACES; race += 1) {
    const { body, condition } = await readToChange(directory, name, DOCUMENT);
    if (body[id] !== undefined) return 'taken';
    const waiting = await directory.listedPersons(name, 'waiting', { reason: 'no-seat', limit: 1 });
    if (waiting.persons.some(waitsForSeat)) return 'full';
    let taken = body;
    let inService = await directory.countActiveAgents(name);
    if (inService + Object.keys(taken).length >= seats || Object.keys(taken).length >= MANY) {
      taken = await stillKept(services, name, body);
      inService = await directory.countActiveAgents(name);
    }
    if (inService + Object.keys(taken).length >= seats) return 'full';
    const next = { taken: { ...taken, [id]: services.clock.now() } };
    if ((await directory.writeDocument(name, DOCUMENT.name, next, condition)).ok) return 'taken';
  }
  return 'busy';
}

/**
 * Gives free seats to those who wait: joiners first, then in the order in which they came.
 *
 * @returns to how many
 */
export async function giveSeats({ name, tenant: { seats } }: Tenant, services: Services): Promise<number> {
  if (seats === undefined) return 0;
  const { directory, clock } = services;
  const page = await directory.listedPersons(name, 'waiting', { reason: 'no-seat', limit: PAGE });
  const waiting = page.persons.filter(waitsForSeat).toSorted((a, b) => a.priority - b.priority);
  if (waiting.length === 0) return 0;
  const { body, condition } = await readToChange(directory, name, DOCUMENT);
  const taken = await stillKept(services, name, body);
  const free = seats - Object.keys(taken).length - (await directory.countActiveAgents(name));
  const chosen = waiting.slice(0, Math.max(0, free));
  if (chosen.length === 0) return 0;
  const now = clock.now();
  const next = { taken: { ...taken, ...Object.fromEntries(chosen.map(({ id }) => [id, now])) } };
  // Another function gives or takes at this moment: the next look finds what is left.
  if (!(await directory.writeDocument(name, DOCUMENT.name, next, condition)).ok) return 0;
  for (const record of chosen) {
    await changeRecord(directory, record, (current) =>
      waitsForSeat(current) ? due(current, clock.now()) : undefined,
    );
  }
  return chosen.length;
}

/** Of the kept seats those that are still needed: an agent is being made or may be, and the count doesn't have it yet. */
async function stillKept({ directory }: Services, tenant: string, taken: Seats): Promise<Seats> {
  const records = await directory.readPersons(tenant, Object.keys(taken));
  const kept = records.filter(
    ({ agent, state, attempts, lease }) =>
      agent.presence !== 'active' && (state === 'due' || attempts.unknown || lease !== undefined),
  );
  return Object.fromEntries(kept.map(({ id }) => [id, taken[id] ?? 0]));
}

/** How the seats of a tenant are used. */
export interface SeatUse {
  readonly seats: number;
  readonly inService: number;
  /** Percent. */
  readonly use: number;
}

/** Undefined for a tenant that has no limit. */
export async function readSeatUse(
  { name, tenant: { seats } }: Tenant,
  { directory }: Pick<Services, 'directory'>,
): Promise<SeatUse | undefined> {
  if (seats === undefined) return undefined;
  const inService = await directory.countActiveAgents(name);
  return { seats, inService, use: Math.floor((100 * inService) / seats) };
}
