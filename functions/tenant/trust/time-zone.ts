import type { SourceSettings } from '../sources.ts';

/** Where days begin of a tenant that doesn't say where its people are. */
export const UTC = 'Etc/UTC';

/** Whether a name is one of the IANA time zone database. */
export function isTimeZone(name: string): boolean {
  // Offsets such as +02:00 are taken by Intl, too, and know no summer time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Presets that bring first and last days, without a time of day. */
const DAY_PRESETS: ReadonlySet<string> = new Set([
  'bamboohr',
  'hibob',
  'personio',
  'gusto',
  'merge',
  'finch',
  'deel',
  'factorial',
  'successfactors',
]);

export function bringsDays({ preset, fetch }: Pick<SourceSettings, 'preset' | 'fetch'>): boolean {
  const hasDays = fetch?.firstDay !== undefined || fetch?.lastDay !== undefined;
  return DAY_PRESETS.has(preset) || hasDays;
}
