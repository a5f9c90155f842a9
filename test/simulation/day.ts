import type { Dice } from './dice.ts';
import type { Change, Story } from './identity-provider.ts';
import { GROUPS, type Profile } from './person-model.ts';

/** When what happens, epoch milliseconds. */
export const MORNING = Date.parse('2026-11-23T06:00:00Z');
const HOUR_MS = 60 * 60_000;
export const EVENING = MORNING + 12 * HOUR_MS;
export const NIGHT = MORNING + 14 * HOUR_MS;

/** What kind of day a seed is. */
export interface Day {
  readonly stories: readonly Story[];
  /** When all who are left are deactivated at once, by mistake. */
  readonly disasterAt?: number;
}

const DEPARTMENTS = ['Billing', 'Support', 'Sales', 'Legal'];
const LANGUAGES = ['en-US', 'de-DE', 'de', 'fr-FR'];
const FAMILY_NAMES = ['Lovelace', 'Hopper', 'Żółć', 'O’Neill', 'de la Cruz', '山田', 'Müller-Lüdenscheidt'];

interface DayOptions {
  readonly persons: number;
  readonly disaster: boolean;
}

/** Joiners in bursts, movers, leavers and returners of one day. */
export function dayOf(dice: Dice, options: DayOptions): Day {
  const bursts = Array.from({ length: dice.whole(1, 4) }, () => dice.whole(0, 8 * HOUR_MS));
  const stories = Array.from({ length: options.persons }, (_, number) => storyOf(dice, number, bursts));
  if (!options.disaster) return { stories };
  const disasterAt = MORNING + dice.whole(8 * HOUR_MS, 11 * HOUR_MS);
  return { stories: stories.map((story) => until(story, disasterAt)), disasterAt };
}

function storyOf(dice: Dice, number: number, bursts: readonly number[]): Story {
  const userName = `person-${number}@example.com`;
  const inBurst = dice.chance(0.7);
  const joinsAt =
    MORNING + (inBurst ? dice.pick(bursts) + dice.whole(0, 60_000) : dice.whole(0, 10 * HOUR_MS));
  const first = newProfile(dice, number);
  let profile = first;
  const changes: { at: number; change: Change }[] = [{ at: joinsAt, change: { kind: 'have', profile } }];
  const isIn = new Set<string>();
  let isGone = false;
  let at = joinsAt;
  for (let left = dice.pick([0, 0, 1, 1, 2, 3, 5]); left > 0; left -= 1) {
    at += dice.chance(0.3) ? dice.whole(0, 20_000) : dice.whole(0, 4 * HOUR_MS);
    if (at > EVENING) break;
    const change: Change | undefined = isGone ? undefined : changeOf(dice, profile, isIn);
    if (change === undefined || change.kind === 'have') {
      profile = isGone ? { ...profile, active: true } : moved(dice, profile);
      changes.push({ at, change: { kind: 'have', profile } });
      isGone = false;
    } else {
      changes.push({ at, change });
      isGone = change.kind === 'delete' || (change.kind === 'activate' && !change.active);
      if (change.kind === 'delete') isIn.clear();
      if (change.kind === 'activate') profile = { ...profile, active: change.active };
    }
  }
  return { userName, email: first.email, changes };
}

/** Something that an identity provider does about a person on a later day. */
export function changeLater(dice: Dice, number: number, isThere: boolean): Change {
  const profile = newProfile(dice, number);
  if (!isThere) return { kind: 'have', profile };
  const isActive = dice.chance(0.5);
  switch (dice.pick(['move', 'member', 'activate', 'delete', 'delete'])) {
    case 'move':
      return { kind: 'have', profile: moved(dice, profile) };
    case 'member':
      return { kind: 'member', group: dice.pick(GROUPS), isMember: dice.chance(0.7) };
    case 'activate':
      return { kind: 'activate', active: isActive };
    default:
      return { kind: 'delete' };
  }
}

function changeOf(dice: Dice, profile: Profile, isIn: Set<string>): Change {
  switch (dice.pick(['have', 'have', 'member', 'member', 'activate', 'delete'])) {
    case 'activate':
      return { kind: 'activate', active: !profile.active };
    case 'delete':
      return { kind: 'delete' };
    case 'member': {
      const group = dice.pick(GROUPS);
      const isMember = !isIn.has(group);
      if (isMember) isIn.add(group);
      else isIn.delete(group);
      return { kind: 'member', group, isMember };
    }
    default:
      return { kind: 'have', profile };
  }
}

function newProfile(dice: Dice, number: number): Profile {
  return {
    givenName: `Person ${number}`,
    familyName: dice.pick(FAMILY_NAMES),
    // Some use another address than the name they sign in with.
    email: dice.chance(0.2) ? `mail-${number}@example.com` : `person-${number}@example.com`,
    department: dice.pick(DEPARTMENTS),
    language: dice.pick(LANGUAGES),
    phone: `+49 151 ${String(number).padStart(7, '0')}`,
    title: 'Agent',
    active: true,
  };
}

/** A person after a change at their company; a new title changes nothing for SmartAssist. */
function moved(dice: Dice, profile: Profile): Profile {
  switch (dice.whole(0, 5)) {
    case 0:
      return { ...profile, department: dice.pick(DEPARTMENTS) };
    case 1:
      return { ...profile, language: dice.pick(LANGUAGES) };
    case 2:
      return { ...profile, familyName: dice.pick(FAMILY_NAMES) };
    case 3:
      return { ...profile, phone: `+49 30 ${dice.whole(1_000_000, 9_999_999)}` };
    case 4:
      // By mistake, or because they were given to the wrong person: the address of another one.
      return {
        ...profile,
        email: dice.chance(0.25)
          ? `person-${dice.whole(0, 9)}@example.com`
          : `new-${dice.whole(1, 9)}-${profile.email}`,
      };
    default:
      return { ...profile, title: `Agent ${dice.whole(1, 9)}` };
  }
}

/** The story up to then, with a deactivation at its end. */
function until({ changes, ...story }: Story, disasterAt: number): Story {
  const before = changes.filter(({ at }) => at < disasterAt);
  return {
    ...story,
    changes: [...before, { at: disasterAt, change: { kind: 'activate', active: false } }],
  };
}
