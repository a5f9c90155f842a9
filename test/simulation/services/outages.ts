import type { Dice } from '../dice.ts';
import type { Weather } from '../weather.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** A service that gives nothing for minutes to hours: it errs at once, or its connections hang. */
export interface Outage {
  readonly of: 'secrets' | 'directory';
  readonly hangs: boolean;
  /** Milliseconds after the morning. */
  readonly from: number;
  readonly to: number;
}

export function outagesOf(dice: Dice): readonly Outage[] {
  if (dice.chance(0.85)) return [];
  return Array.from({ length: dice.whole(1, 2) }, (): Outage => {
    const of = dice.pick(['secrets', 'secrets', 'directory'] as const);
    const lengths = of === 'secrets' ? [5 * MINUTE_MS, HOUR_MS, 2.5 * HOUR_MS] : [MINUTE_MS, 15 * MINUTE_MS];
    const from = dice.whole(0, 8 * HOUR_MS);
    return { of, hangs: dice.chance(0.5), from, to: from + dice.pick(lengths) };
  });
}

/** The weather while a service is out. */
export function duringOutages(weather: Weather, outages: readonly Outage[], sinceMorning: number): Weather {
  const now = outages.filter(({ from, to }) => sinceMorning >= from && sinceMorning < to);
  if (now.length === 0) return weather;
  const isOut = (of: Outage['of']) => now.some((outage) => outage.of === of);
  const hangs = (of: Outage['of']) => now.some((outage) => outage.of === of && outage.hangs);
  return {
    ...weather,
    ...(isOut('secrets') ? { secretsFail: 1, secretsHang: hangs('secrets') } : {}),
    ...(isOut('directory') ? { directoryRefuses: 1, directoryHangs: hangs('directory') } : {}),
  };
}
