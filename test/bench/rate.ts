import { peakOf, throttledShare, underLimit } from '../smartassist/rate-world.ts';

/** `npm run bench -- rate`: what `callsPerMinute: auto` makes of an account in ten hours of virtual time. */
const HOURS = 10;
const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

for (const others of [0, 10, 20, 40]) {
  const { ours, foreign, begun } = await underLimit({
    callsPerMinute: 'auto',
    hours: HOURS,
    foreign: () => others,
  });
  console.log(
    [
      `${others} foreign calls a minute: ${(ours.length / (60 * HOURS)).toFixed(1)} of ours`,
      `${percent(ours.length / (60 * HOURS * (60 - others)))} of what is left`,
      `${peakOf(ours)} at the most in 60 s`,
      `throttled after 15 minutes: ours ${percent(throttledShare(ours, begun, 15))}, foreign ${percent(throttledShare(foreign, begun, 15))}`,
    ].join(', '),
  );
}
