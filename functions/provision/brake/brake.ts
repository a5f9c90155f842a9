import * as z from 'zod/mini';
import {
  changeDocument,
  type DocumentForm,
  decideOnDocument,
  objectOf,
  readForm,
  readToChange,
} from '../../directory/documents.ts';
import type { Hold, PersonRecord } from '../../directory/record.ts';
import type { Condition } from '../../directory/table.ts';
import { compact } from '../../runtime/compact.ts';
import { once } from '../../runtime/once.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import type { Services } from '../services.ts';
import { isApproved, useApproval } from './approvals.ts';
import { beginsSlice, counted, type Limit, live, roomIn, total } from './window.ts';

/**
 * The brake: an identity provider that is misconfigured can deactivate a whole contact centre in a minute, and a rule that
 * is wrong can take it out of routing. Distinct persons are counted in windows; beyond a window's limit the brake engages,
 * and from then on every such record waits until an operator releases or discards it.
 */

/** `leaving`: out of service or out of routing. `change`: any other change of an agent that is there. */
export type Movement = 'leaving' | 'change';
type BrakeSettings = TenantConfiguration['lifecycle']['brake'];

const stateSchema = once(() => {
  const slices = z.array(z.object({ at: z.number(), count: z.number(), active: z.number() }));
  const engaged = z.object({ at: z.number(), window: z.string(), counted: z.number(), limit: z.number() });
  return z.object({
    /** Slices by the name of their window. */
    windows: z._default(z.record(z.string(), slices), {}),
    engaged: z._default(z.object({ leaving: z.optional(engaged), change: z.optional(engaged) }), {}),
    /** As version 0.1.0 wrote it: since when the brake holds leavers. */
    engagedAt: z.optional(z.number()),
  });
});
export type BrakeState = Pick<z.output<ReturnType<typeof stateSchema>>, 'windows' | 'engaged'>;

const DOCUMENT: DocumentForm<BrakeState> = { name: 'brake', parse };
/** How long a counted person is remembered at least: retries during a long outage are no new leavers. */
const REMEMBERED_SECONDS = 14 * 86_400;

/** What the brake says to one movement. */
export type Verdict = { readonly lets: true } | { readonly lets: false; readonly hold: Hold };

/** The windows that count a movement, by name. */
function windowsOf(settings: BrakeSettings, movement: Movement): Readonly<Record<string, Limit>> {
  const { percent, atLeast, within, long, changes } = settings;
  return movement === 'change' ? { changes } : { within: { percent, atLeast, within }, long };
}

/**
 * Asks for one person's agent to leave service or to be changed; true counts the person, once however often the attempt
 * is repeated. What an operator has released, or approved with a plan, passes uncounted.
 *
 * @param of what is to be done: of a change the hash of the payload; the same again is a repetition
 */
export async function brakeLets(
  services: Services,
  settings: BrakeSettings,
  record: PersonRecord,
  { movement, of }: { readonly movement: Movement; readonly of: string },
): Promise<Verdict> {
  if (record.released !== undefined) return { lets: true };
  const { directory, clock, log, metrics } = services;
  const { tenant, id } = record;
  const [owner, name] = [`${tenant}#brake`, `${movement} ${id}`];
  const { body: last, condition } = await readToChange(directory, owner, countedForm(name));
  const { at: lastAt, of: lastOf } = last;
  if (lastAt !== undefined && lastOf === of && isSameEpisode(record, movement, lastAt)) return { lets: true };
  const digest = services.generation?.digest;
  if (digest !== undefined && (await isApproved(directory, tenant, digest, { id, of }))) {
    // Remembered as let through, so that a repeated attempt passes as well.
    await remember(services, owner, name, { of, countedAt: last.countedAt }, condition);
    await useApproval(directory, tenant, digest, id);
    return { lets: true };
  }
  const countActive = once(() => directory.countActiveAgents(tenant));
  const windows = Object.entries(windowsOf(settings, movement));
  const verdict = await decideOnDocument<BrakeState, Decided>(directory, tenant, DOCUMENT, async (state) => {
    const now = clock.now();
    const countedAt = { ...last.countedAt };
    const engaged = state.engaged[movement];
    if (engaged !== undefined) return { answer: { lets: false, hold: holdOf(movement, engaged, settings) } };
    // Who was counted in a window already is counted once.
    const counting = windows.filter(
      ([window, { within }]) => (last.countedAt[window] ?? Number.NEGATIVE_INFINITY) <= now - within * 1_000,
    );
    if (counting.length === 0) return { answer: { lets: true, countedAt } };
    // A count is sixteen reads; it is remembered with each slice, and no other person needs it.
    const isFirst = counting.some(([window, limit]) => beginsSlice(state.windows[window] ?? [], limit, now));
    const active = isFirst ? await countActive() : 0;
    const next = { ...state.windows };
    for (const [window, limit] of counting) {
      const slices = live(state.windows[window] ?? [], limit, now);
      const { left, most } = roomIn(slices, limit, now, active);
      if (left === 0) {
        const now_ = { at: now, window, counted: total(slices) + 1, limit: most };
        log.error('the brake engages', {
          tenant,
          movement,
          window,
          active: slices[0]?.active ?? active,
          counted: now_.counted,
          limit: most,
        });
        metrics.gauge('BrakeEngaged', { tenant }, 1);
        return {
          body: { ...state, engaged: { ...state.engaged, [movement]: now_ } },
          answer: { lets: false, hold: holdOf(movement, now_, settings) },
        };
      }
      next[window] = counted(slices, limit, now, active);
      countedAt[window] = now;
    }
    return { body: { ...state, windows: next }, answer: { lets: true, countedAt } };
  });
  // After it is counted: a crash in between counts a person twice, and lets nobody through uncounted.
  if (verdict.lets) await remember(services, owner, name, { of, countedAt: verdict.countedAt }, condition);
  return verdict;
}

/** A verdict, with when each window has counted the person last. */
type Decided =
  | Extract<Verdict, { lets: false }>
  | (Extract<Verdict, { lets: true }> & Pick<Passed, 'countedAt'>);

/**
 * Keeps what a person was let through with, as of now, whatever another attempt has kept meanwhile.
 *
 * @param condition as what was kept has been read, which saves reading it again
 */
async function remember(
  { directory, clock }: Services,
  owner: string,
  name: string,
  passed: Pick<Passed, 'of' | 'countedAt'>,
  condition: Condition,
): Promise<void> {
  const at = clock.now();
  const expiresAt = Math.ceil(at / 1_000) + REMEMBERED_SECONDS;
  const write = (under?: Condition) =>
    directory.writeDocument(owner, name, { at, ...passed }, under, expiresAt);
  if (!(await write(condition)).ok) await write();
}

/** What a person was let through with last. */
interface Passed {
  /** Epoch milliseconds. */
  readonly at?: number;
  readonly of?: string;
  /** When each window has counted the person last, epoch milliseconds: not whenever the person passes. */
  readonly countedAt: Readonly<Record<string, number>>;
}

const countedForm = (name: string): DocumentForm<Passed> => ({
  name,
  parse: (stored) => {
    const { at, of, countedAt } = objectOf(stored);
    const entries = Object.entries(objectOf(countedAt)).filter(([, time]) => typeof time === 'number');
    return {
      ...compact({
        at: typeof at === 'number' ? at : undefined,
        of: typeof of === 'string' ? of : undefined,
      }),
      countedAt: Object.fromEntries(entries) as Passed['countedAt'],
    };
  },
});

/**
 * A leaving is over once the agent was brought to a desired state again, or once nothing was to be done any more, since it
 * was taken back before it was carried out; a change is one as long as it is the same.
 */
function isSameEpisode({ agent, dueSince }: PersonRecord, movement: Movement, lastAt: number): boolean {
  const isSince = (at: string | undefined) => at === undefined || Date.parse(at) <= lastAt;
  return movement === 'change' || (isSince(agent.appliedAt) && isSince(dueSince));
}

function holdOf(
  movement: Movement,
  engaged: NonNullable<BrakeState['engaged'][Movement]>,
  settings: BrakeSettings,
): Hold {
  const seconds = windowsOf(settings, movement)[engaged.window]?.within ?? settings.within;
  return {
    movement,
    since: new Date(engaged.at).toISOString(),
    counted: engaged.counted,
    limit: engaged.limit,
    seconds,
  };
}

/** Why the brake holds a record, as a sentence; undefined for a record that it doesn't hold. */
export function holdReason({ held, hold }: PersonRecord): string | undefined {
  if (held === undefined) return undefined;
  if (hold === undefined) return 'The brake holds: too many agents were to leave service at once.';
  const { movement, counted: agents, limit, seconds, fields = [] } = hold;
  const what = movement === 'leaving' ? 'leave service' : `change (${fields.join(', ') || 'several fields'})`;
  return `The brake holds since ${hold.since}: ${agents} agents were to ${what} within ${duration(seconds)}, and ${limit} may.`;
}

function duration(seconds: number): string {
  const units = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
  ] as const;
  const [length, name] = units.find(([each]) => seconds >= each && seconds % each === 0) ?? [1, 'second'];
  const count = seconds / length;
  return count === 1 ? `one ${name}` : `${count} ${name}s`;
}

/** How the brake stands. */
export async function readBrake(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
): Promise<BrakeState> {
  return readForm(directory, tenant, DOCUMENT);
}

/**
 * How many may leave service at `now` before the brake engages: in each of its windows, with those who were counted there.
 *
 * @param active agents in service
 */
export function mayLeave(settings: BrakeSettings, state: BrakeState, now: number, active: number): number {
  if (state.engaged.leaving !== undefined) return 0;
  const windows = Object.entries(windowsOf(settings, 'leaving'));
  return Math.min(
    ...windows.map(([window, limit]) => roomIn(state.windows[window] ?? [], limit, now, active).left),
  );
}

/** Since when (epoch ms) the brake holds, the older of both; undefined while it doesn't. */
export function engagedAt({ engaged }: BrakeState): number | undefined {
  const times = [engaged.leaving?.at, engaged.change?.at].filter((at) => at !== undefined);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** An operator has dealt with everything that waited: counting begins anew. */
export async function resetBrake({ directory }: Services, tenant: string): Promise<void> {
  await changeDocument(directory, tenant, DOCUMENT, () => ({ windows: {}, engaged: {} }));
}

function parse(body: unknown): BrakeState {
  if (body === undefined) return { windows: {}, engaged: {} };
  const { windows, engaged, engagedAt: since } = stateSchema().parse(body);
  // What version 0.1.0 had counted is not carried over; that it holds is.
  const old = since === undefined ? undefined : { at: since, window: 'within', counted: 0, limit: 0 };
  return { windows, engaged: { ...compact({ leaving: old }), ...engaged } };
}
