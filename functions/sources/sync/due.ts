import { createHash } from 'node:crypto';
import type { Listing } from './listing.ts';
import { wasRead } from './next.ts';
import type { SyncSettings } from './settings.ts';
import type { Finished, ReadingKind, SyncState } from './state.ts';

const DAY_MS = 86_400_000;
/** Sources that are read once a day are spread over so long, from midnight on. */
const NIGHT_MS = 5 * 3_600_000;

/** What is to be read, and why. */
export interface Wanted {
  readonly kind: 'delta' | 'full';
  readonly reason: string;
  readonly at: string;
  /** See `SourceState`. */
  readonly isFirst?: true;
}

/**
 * Which reading the clock begins or goes on with now; undefined where none is due. Nothing is until an operator has had
 * the people read for the first time.
 *
 * @param name tenant and source: by it the time of the night is chosen
 * @param offsetMs how much later than UTC the tenant's clock is
 */
export function dueReading(
  name: string,
  state: SyncState,
  wanted: Wanted | undefined,
  settings: SyncSettings,
  listing: Pick<Listing, 'changes' | 'isNotPolled'>,
  now: number,
  offsetMs = 0,
): ReadingKind | undefined {
  const { initial, full, delta, cursor, lostAt, underWay, notBefore } = state;
  if (notBefore !== undefined && Date.parse(notBefore) > now) return undefined;
  if (underWay !== undefined) return underWay.kind;
  if (!wasRead(state)) return wanted?.isFirst === true ? 'initial' : undefined;
  const canTell = listing.changes !== undefined && cursor !== undefined;
  const lastFull = Math.max(startOf(initial), startOf(full));
  const isFullDue = lastFull < slotOf(name, settings.fullMs, now + offsetMs) - offsetMs;
  const isLost = lostAt !== undefined && Date.parse(lostAt) > lastFull;
  if (isFullDue || isLost) return 'full';
  if (wanted !== undefined) return wanted.kind === 'delta' && canTell ? 'delta' : 'full';
  if (!canTell || listing.isNotPolled === true) return undefined;
  return now - Math.max(lastFull, startOf(delta)) >= settings.deltaMs ? 'delta' : undefined;
}

function startOf(finished: Finished | undefined): number {
  return finished === undefined ? 0 : Date.parse(finished.startedAt);
}

/** When the last reading of everybody was due: whole days begin in the night, each source at a time of its own. */
export function slotOf(name: string, everyMs: number, now: number): number {
  const spread = everyMs % DAY_MS === 0 ? NIGHT_MS : everyMs;
  const share = createHash('sha256').update(name).digest().readUInt32BE(0) / 2 ** 32;
  const offset = Math.floor(share * spread);
  return Math.floor((now - offset) / everyMs) * everyMs + offset;
}

/** Milliseconds from the beginning of the last reading that came to its end; undefined while there was none. */
export function ageOf({ initial, delta, full }: SyncState, now: number): number | undefined {
  const ends = [initial, delta, full].filter((each) => each?.outcome === 'complete').map(startOf);
  return ends.length === 0 ? undefined : now - Math.max(...ends);
}
