import type { Dice } from '../dice.ts';
import { type Rollout, rolloutOf } from './rollout.ts';

/** What the mark of a configuration can be: a role of SmartAssist that it gives everybody, whatever they are. */
export const ROLES = ['Agent', 'Supervisor', 'Admin'] as const;
export type Role = (typeof ROLES)[number];

/** A change of the configuration in the course of a day. */
export interface Push {
  /** The place among the day's changes of persons, in [0, 1), beside which it happens: at a quiet time it would show nothing. */
  readonly beside: number;
  /** Other rules, something that no rule looks at, or an older generation brought back. */
  readonly what: 'rules' | 'settings' | 'rollback';
  /** A second operator pushes other rules at the same moment. */
  readonly isContested: boolean;
}

/** How the configuration changes during a day. */
export interface Releases {
  readonly pushes: readonly Push[];
  /** Where functions run on machines of their own. */
  readonly rollout: Rollout | undefined;
}

export const NO_RELEASES: Releases = { pushes: [], rollout: undefined };

export function releasesOf(dice: Dice): Releases {
  if (dice.chance(0.5)) return NO_RELEASES;
  const pushes = Array.from(
    { length: dice.whole(1, 4) },
    (): Push => ({
      beside: dice.next(),
      what: dice.pick(['rules', 'rules', 'settings', 'rollback'] as const),
      isContested: dice.chance(0.2),
    }),
  );
  return { pushes, rollout: dice.chance(0.6) ? rolloutOf(dice) : undefined };
}
