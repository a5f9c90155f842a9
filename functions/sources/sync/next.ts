import type { ReadingKind, SyncState } from './state.ts';

/** How long a dry run is good for: the configuration and the people may be others later. */
const SEEN_MS = 7 * 86_400_000;

/** Whether the people were read as a whole before. */
export function wasRead({ initial }: Pick<SyncState, 'initial'>): boolean {
  return initial?.outcome === 'complete';
}

/** Which reading comes next: everybody for the first time, then what changed where that is known, else everybody. */
export function nextReading(state: Pick<SyncState, 'initial' | 'cursor'>): ReadingKind {
  if (!wasRead(state)) return 'initial';
  return state.cursor === undefined ? 'full' : 'delta';
}

/** Whether an operator has lately seen what reading everybody for the first time would do. */
export function isSeen({ dryRunAt }: Pick<SyncState, 'dryRunAt'>, now: number): boolean {
  return dryRunAt !== undefined && now - Date.parse(dryRunAt) <= SEEN_MS;
}
