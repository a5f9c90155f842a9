import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import type { Dice } from './dice.ts';

/** How likely what goes wrong is, each of one. A calm day has none of it. */
export interface Weather {
  /** A directory call fails and did nothing. */
  readonly directoryRefuses: number;
  /** A directory call is done and its answer is lost. */
  readonly directoryForgets: number;
  /** A directory call takes seconds. */
  readonly directoryIsSlow: number;
  /** A function dies at something that it waits for, before or after that is done. */
  readonly functionDies: number;
  /** A machine stands still there for up to two minutes, and goes on. */
  readonly machineFreezes: number;
  /** An update is applied up to a minute and a half after its caller has given up. */
  readonly appliedLate: number;
  /** No connection to SmartAssist is made. */
  readonly unreachable: number;
  /** An answer of SmartAssist takes up to twenty seconds. */
  readonly answerIsSlow: number;
  /** What other answers take at the least and at the most. */
  readonly answerMs: readonly [number, number];
  readonly secretsFail: number;
  /** Secrets Manager, or the directory, fails only after its client has given up a connection that hangs. */
  readonly secretsHang: boolean;
  readonly directoryHangs: boolean;
  readonly ringIsLost: number;
  readonly ringIsDoubled: number;
  /** A second drain begins although one is running. */
  readonly secondDrain: number;
  /** What the simulated SmartAssist does to calls. */
  readonly faults: NonNullable<BehaviourInput['faults']>;
}

export const CALM: Weather = {
  directoryRefuses: 0,
  directoryForgets: 0,
  directoryIsSlow: 0,
  functionDies: 0,
  machineFreezes: 0,
  appliedLate: 0,
  unreachable: 0,
  answerIsSlow: 0,
  answerMs: [5, 300],
  secretsFail: 0,
  secretsHang: false,
  directoryHangs: false,
  ringIsLost: 0,
  ringIsDoubled: 0,
  secondDrain: 0,
  faults: [],
};

/**
 * The weather of one seed. Each kind of fault is left out of about half of the seeds, so that one doesn't hide what
 * another would show.
 */
export function stormOf(dice: Dice): Weather {
  const rarely = (what: string, most: number) => {
    const own = dice.fork(what);
    return own.chance(0.6) ? 0 : own.next() * most;
  };
  const some = (most: number) => (dice.chance(0.5) ? 0 : dice.next() * most);
  const fault = (kind: 'drop-before' | 'drop-after' | 'hang' | 'hang-after' | 'garbage', most: number) => ({
    kind,
    probability: some(most),
  });
  return {
    directoryRefuses: some(0.02),
    directoryForgets: some(0.02),
    directoryIsSlow: some(0.02),
    functionDies: some(0.01),
    machineFreezes: rarely('freezes', 0.005),
    appliedLate: rarely('late', 0.05),
    unreachable: some(0.1),
    answerIsSlow: some(0.05),
    answerMs: [5, dice.pick([100, 300, 2_000])],
    secretsFail: some(0.2),
    secretsHang: false,
    directoryHangs: false,
    ringIsLost: some(0.5),
    ringIsDoubled: some(0.5),
    secondDrain: some(0.5),
    faults: [
      fault('drop-before', 0.1),
      fault('drop-after', 0.2),
      fault('hang', 0.02),
      fault('hang-after', 0.02),
      fault('garbage', 0.1),
      { kind: 'status', status: dice.pick([500, 502, 503, 504]), probability: some(0.2) },
    ],
  };
}
