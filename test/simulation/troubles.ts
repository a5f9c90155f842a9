import { EVENING, MORNING } from './day.ts';
import type { Operator } from './releases/operator.ts';
import type { Simulation } from './simulation.ts';

const MINUTE_MS = 60_000;

/** What happens in a day that is nobody's fault: deployments, rotated secrets, others who use up SmartAssist's limit. */
export function trouble(simulation: Simulation, reconcile: () => void, operator: Operator): void {
  const { time, platform, variety, dice } = simulation;
  const chance = dice.fork('troubles');
  const sometimes = (times: number, happen: () => void) => {
    for (let count = 0; count < times; count += 1) {
      time.after(chance.whole(0, EVENING - MORNING - 30 * MINUTE_MS), happen);
    }
  };
  sometimes(variety.deployments, () => platform.dieAll());
  sometimes(variety.reconciliations, reconcile);
  sometimes(variety.crowds, () => {
    simulation.limitTo(chance.whole(0, 30));
    time.after(chance.whole(1, 20) * MINUTE_MS, () => simulation.limitTo(60));
  });
  if (variety.remapped !== undefined) sometimes(1, () => operator.remap());
  const rotate = rotations(simulation);
  sometimes(variety.rotations, () => rotate(chance.chance(0.5), chance.whole(-MINUTE_MS, MINUTE_MS)));
}

/**
 * A new secret reaches SmartAssist and Secrets Manager at different times; the old one may be good meanwhile. Where two
 * rotations overlap, the newer one holds in both places.
 */
function rotations(simulation: Simulation): (isOldGood: boolean, lagMs: number) => void {
  const { time } = simulation;
  let last = 1;
  const newest = { atSmartAssist: 1, inStore: 1 };
  const reach = (place: keyof typeof newest, number: number, afterMs: number, rotated: () => void) =>
    time.after(Math.max(0, afterMs), () => {
      if (number < newest[place]) return;
      newest[place] = number;
      rotated();
    });
  return (isOldGood, lagMs) => {
    last += 1;
    const to = `key-of-cs-1 ${last}`;
    reach('atSmartAssist', last, lagMs, () => {
      const { good, inStore } = simulation.secrets;
      simulation.rotateTo({ inStore, good: isOldGood ? [to, ...good] : [to] });
    });
    reach('inStore', last, -lagMs, () => simulation.rotateTo({ ...simulation.secrets, inStore: to }));
  };
}
