import type { SourceSettings } from '../../tenant/sources.ts';

/** How a source is read, with what isn't said. */
export interface SyncSettings {
  /** Milliseconds between two readings of what changed. */
  readonly deltaMs: number;
  /** Milliseconds between two readings of everybody. */
  readonly fullMs: number;
  readonly expectAtLeast: number;
  readonly onAbsence: 'leave' | 'ignore';
}

const DEFAULTS = { delta: 15 * 60, full: 86_400, expectAtLeast: 70, onAbsence: 'leave' } as const;

export function syncSettingsOf({ sync = {} }: Pick<SourceSettings, 'sync'>): SyncSettings {
  const { delta, full, expectAtLeast, onAbsence } = sync;
  return {
    deltaMs: (delta ?? DEFAULTS.delta) * 1_000,
    fullMs: (full ?? DEFAULTS.full) * 1_000,
    expectAtLeast: expectAtLeast ?? DEFAULTS.expectAtLeast,
    onAbsence: onAbsence ?? DEFAULTS.onAbsence,
  };
}
