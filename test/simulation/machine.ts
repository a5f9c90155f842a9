import type { Clock } from '../../functions/runtime/clock.ts';
import type { Dice } from './dice.ts';
import type { Trace } from './trace.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Something that a function waits for. */
export interface Waiting<T> {
  readonly what: string;
  readonly latencyMs: number;
  /** What is rejected with when the thing isn't done, or is done and its answer is lost. */
  readonly fails?: 'before' | 'after' | undefined;
  /** What a failure is called, where that matters. */
  readonly failure?: (what: string) => Error;
  readonly work: () => Promise<T>;
}

/** What all machines of a world share. */
export interface Premises {
  readonly time: VirtualTime;
  readonly dice: Dice;
  readonly trace: Trace;
  /** How likely a function dies at something that it waits for. */
  readonly deathRate: () => number;
  /** How likely its machine stands still there, and goes on. */
  readonly freezeRate: () => number;
  /** Of its own, so that what stands still doesn't decide what else happens. */
  readonly freezeDice: Dice;
}

/** How long a machine stands still: a laptop that sleeps, a virtual machine that is moved. */
const FREEZE_MS = [5_000, 120_000] as const;

/**
 * A place where functions run, as a container of Lambda or a process: it has a clock of its own, and when it dies nothing
 * on it ever goes on. Whatever a function waits for goes through `wait`, so it can die between any two awaits, with what
 * it has sent still under way.
 */
export class Machine {
  readonly name: string;
  readonly clock: Clock;
  readonly #premises: Premises;
  readonly #mourners = new Set<() => void>();
  #isDead = false;
  #stillUntil = 0;

  /** @param skewMs how far its clock is ahead of the true time */
  constructor(name: string, skewMs: number, premises: Premises) {
    const { time } = premises;
    this.name = name;
    this.#premises = premises;
    this.clock = {
      now: () => time.now() + skewMs,
      sleep: (milliseconds) =>
        new Promise((resolve) => time.after(milliseconds, () => this.#goesOn(resolve))),
    };
  }

  /** What the machine has waited for has happened: it goes on at once, or when it stands still no more; never when dead. */
  #goesOn(with_: () => void): void {
    if (this.#isDead) return;
    const { time } = this.#premises;
    if (time.now() >= this.#stillUntil) with_();
    else time.at(this.#stillUntil, () => this.#goesOn(with_));
  }

  #standsStill(when: string): void {
    const { time, trace, freezeDice } = this.#premises;
    const forMs = freezeDice.whole(...FREEZE_MS);
    this.#stillUntil = Math.max(this.#stillUntil, time.now() + forMs);
    trace.note(this.name, `stands still for ${forMs} ms ${when}`);
  }

  get isDead(): boolean {
    return this.#isDead;
  }

  /** Everything on the machine ends here and now. */
  die(why: string): void {
    if (this.#isDead) return;
    this.#isDead = true;
    this.#premises.trace.note(this.name, `dies ${why}`);
    for (const mourn of this.#mourners) mourn();
    this.#mourners.clear();
  }

  /** @returns takes the listener away again */
  onDeath(mourn: () => void): () => void {
    this.#mourners.add(mourn);
    return () => this.#mourners.delete(mourn);
  }

  /** Does what takes time; never answers on a dead machine. What was sent before its death may still be done. */
  wait<T>({ what, latencyMs, fails, failure = failed, work }: Waiting<T>): Promise<T> {
    const { time, dice, trace, deathRate, freezeRate, freezeDice } = this.#premises;
    return new Promise((resolve, reject) => {
      if (this.#isDead) return;
      const dies = dice.chance(deathRate());
      const diesFirst = dies && dice.chance(0.5);
      const freezes = freezeDice.chance(freezeRate());
      const freezesFirst = freezes && freezeDice.chance(0.5);
      if (freezesFirst) this.#standsStill(`before ${what}`);
      const send = () =>
        time.after(latencyMs, () => {
          if (diesFirst) this.die(`before ${what}`);
          if (this.#isDead && (diesFirst || dice.chance(0.5))) return;
          if (fails === 'before') {
            trace.note(this.name, `${what} fails, not done`);
            return this.#goesOn(() => reject(failure(what)));
          }
          work().then(
            (value) => {
              if (dies) this.die(`after ${what}`);
              if (freezes && !freezesFirst && !this.#isDead) this.#standsStill(`after ${what}`);
              this.#goesOn(() => {
                if (fails === undefined) return resolve(value);
                trace.note(this.name, `${what} fails, though done`);
                reject(failure(what));
              });
            },
            (error) => this.#goesOn(() => reject(error)),
          );
        });
      // What a machine that stands still was about to send leaves it when it goes on.
      if (freezesFirst) this.#goesOn(send);
      else send();
    });
  }
}

const failed = (what: string) => new SimulatedFailure(what);

class SimulatedFailure extends Error {
  override readonly name = 'SimulatedFailure';

  constructor(what: string) {
    super(`${what} failed`);
  }
}
