import { peakOf, throttledShare, underLimit } from '../smartassist/rate-world.ts';
import { type Goal, printGoals } from './goals.ts';

/**
 * `npm run bench -- rate`: what `callsPerMinute: auto` makes of an account in ten hours of virtual time, beside what others
 * call.
 */
const HOURS = 10;
/** A first load may take 1.03 times as long as the limit of 60 calls a minute asks for. */
const MOST_OF_LIMIT = 1.03;
/** Percent of calls that may be turned away once the other caller is known. */
const MOST_THROTTLED = { ours: 1, foreign: 2 };
const goals: Goal[] = [];
const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

for (const others of [0, 10, 20, 40]) {
  const { ours, foreign, begun } = await underLimit({
    callsPerMinute: 'auto',
    hours: HOURS,
    foreign: () => others,
  });
  const turnedAway = { ours: throttledShare(ours, begun, 15), foreign: throttledShare(foreign, begun, 15) };
  console.log(
    [
      `${others} foreign calls a minute: ${(ours.length / (60 * HOURS)).toFixed(1)} of ours`,
      `${percent(ours.length / (60 * HOURS * (60 - others)))} of what is left`,
      `${peakOf(ours)} at the most in 60 s`,
      `throttled after 15 minutes: ours ${percent(turnedAway.ours)}, foreign ${percent(turnedAway.foreign)}`,
    ].join(', '),
  );
  const beside = `${others} foreign calls a minute`;
  goals.push({ what: `${beside}: most of ours in 60 s`, is: peakOf(ours), most: 60 });
  if (others === 0) {
    const longer = (60 * 60 * HOURS) / ours.length;
    goals.push({ what: `${beside}: times as long as at the limit`, is: longer, most: MOST_OF_LIMIT });
    continue;
  }
  for (const whose of ['ours', 'foreign'] as const) {
    const what = `${beside}: ${whose} turned away`;
    goals.push({ what, is: 100 * turnedAway[whose], unit: '%', most: MOST_THROTTLED[whose] });
  }
}
printGoals(goals);
