import { demoTenant } from '../../mapping/demo.ts';
import { EVENING, MORNING } from '../day.ts';
import type { Dice } from '../dice.ts';
import type { Story } from '../identity-provider.ts';
import { NO_RELEASES } from '../releases/releases.ts';
import type { Variety } from '../variety.ts';

const HOUR_MS = 60 * 60_000;
/** Who is there from the beginning has an agent by then. */
const FROM = MORNING + 4 * HOUR_MS;
/** How many of a hundred leave, and are changed, within an hour: half of what the shipped brake lets. */
const LEAVE = 4;
const CHANGE = 12;

/**
 * The stories of a day on which the brake has no reason to hold: all join in the morning, then a few leave and some more are
 * changed in each hour, well below the shipped limits. Each person does one thing.
 */
export function usualStories(dice: Dice, stories: readonly Story[]): Story[] {
  const hours = Math.floor((EVENING - FROM) / HOUR_MS) - 2;
  const each = (percent: number) => Math.floor((stories.length * percent) / 100);
  const leavers = Math.min(hours * each(LEAVE), each(20));
  const movers = Math.min(hours * each(CHANGE), stories.length - leavers);
  return stories.map((story, place) => {
    const [first] = story.changes;
    if (first?.change.kind !== 'have') return story;
    const { profile } = first.change;
    const joins = { at: MORNING + dice.whole(0, HOUR_MS), change: first.change };
    if (place >= leavers + movers) return { ...story, changes: [joins] };
    const [rank, many] = place < leavers ? [place, leavers] : [place - leavers, movers];
    const at = FROM + Math.floor((rank / many) * hours * HOUR_MS) + dice.whole(0, 60_000);
    const change =
      place < leavers
        ? dice.pick([{ kind: 'delete' } as const, { kind: 'activate', active: false } as const])
        : ({ kind: 'have', profile: { ...profile, familyName: `${profile.familyName} II` } } as const);
    return { ...story, changes: [joins, { at, change }] };
  });
}

/** Such a day, with the brake as shipped: tries that are repeated, and functions that die, count nobody twice. */
export function onUsualDays(variety: Variety): Variety {
  const { sources: _, authority: __, ...tenant } = variety.tenant;
  return {
    ...variety,
    persons: 50,
    isUsual: true,
    tenant: {
      ...tenant,
      sources: {},
      lifecycle: { ...tenant.lifecycle, brake: demoTenant().lifecycle.brake },
    },
    remapped: undefined,
    disaster: false,
    sources: undefined,
    neighbour: undefined,
    releases: NO_RELEASES,
    outages: [],
    handEdits: 0,
    strangers: 0,
  };
}
