import { EVENING, MORNING } from '../day.ts';
import type { Dice } from '../dice.ts';
import type { VirtualTime } from '../virtual-time.ts';
import type { Vendor } from './vendor.ts';

const MINUTE_MS = 60_000;

/** What goes wrong with a source's API in a day, and is over in the evening. */
export function troubleOf(
  { api }: Vendor,
  options: {
    readonly time: VirtualTime;
    readonly dice: Dice;
    readonly times: number;
    /** The accounts that there are. */
    readonly ids: () => readonly string[];
  },
): void {
  const { time, dice, times, ids } = options;
  const { trouble } = api;
  for (let count = 0; count < times; count += 1) {
    // The source may have been read for the first time late in the day.
    const at = Math.max(dice.whole(MORNING, EVENING - 30 * MINUTE_MS), time.now());
    const lasts = dice.whole(1, 240) * MINUTE_MS;
    const kind = dice.pick(['throttle', 'fail', 'html', 'hidden', 'hidden', 'expired'] as const);
    const share = dice.next();
    time.at(at, () => {
      if (kind === 'expired') trouble.expireAfter = 0;
      else if (kind === 'hidden') for (const id of ids()) if (dice.chance(share)) trouble.hidden.add(id);
      if (kind === 'throttle' || kind === 'fail' || kind === 'html') trouble[kind] = dice.whole(1, 20);
    });
    time.at(Math.max(at + 1, Math.min(at + lasts, EVENING)), () => {
      if (kind === 'expired') trouble.expireAfter = undefined;
      else if (kind === 'hidden') trouble.hidden.clear();
      else trouble[kind] = 0;
    });
  }
}
