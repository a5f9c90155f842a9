import { pushConfiguration } from '../../../functions/operate/configuration/push.ts';
import { readActive, readContent } from '../../../functions/tenant/generation/store.ts';
import { type Day, EVENING, MORNING } from '../day.ts';
import type { Dice } from '../dice.ts';
import type { Simulation } from '../simulation.ts';
import type { Wanted } from './configurations.ts';
import { type Push, ROLES } from './releases.ts';
import { settledAt } from './rollout.ts';

const MINUTE_MS = 60_000;
const COMMAND_MS = MINUTE_MS;

/** Makes another configuration of the one that is active. */
type Change = (now: Wanted) => Wanted;

/** An operator who changes the configuration during the day, as the commands `push` and `rollback` do it. */
export class Operator {
  readonly #simulation: Simulation;
  readonly #dice: Dice;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#dice = simulation.dice.fork('operator');
  }

  /** Pushes and rolls back at busy times of the day. */
  work({ stories }: Day): void {
    const { time, variety } = this.#simulation;
    const { rollout } = variety.releases;
    const settled = MORNING + (rollout === undefined ? 0 : settledAt(rollout));
    // Code that is taken back doesn't know the form of what was pushed with the later one.
    if (rollout?.isTakenBack) time.at(settled, () => void this.#push((now) => now));
    const times = stories.flatMap(({ changes }) => changes.map(({ at }) => at));
    for (const push of variety.releases.pushes) {
      const beside = times[Math.floor(push.beside * times.length)] ?? MORNING;
      const at = beside + this.#dice.whole(-MINUTE_MS, MINUTE_MS);
      if (at < EVENING - MINUTE_MS) time.at(at, () => this.#begin(push));
    }
  }

  /** The rules of a later time are pushed. */
  remap(): void {
    if (this.#mayPush()) void this.#push((now) => ({ ...now, isRemapped: true }));
  }

  /** Something is pushed that no rule looks at. */
  changeSettings(): Promise<void> {
    return this.#push((now) => ({ ...now, retentionDays: now.retentionDays + 1 }));
  }

  #begin({ what, isContested }: Push): void {
    if (!this.#mayPush()) return;
    if (isContested) void this.#push(this.#otherRules());
    switch (what) {
      case 'rules':
        void this.#push(this.#otherRules());
        break;
      case 'settings':
        void this.changeSettings();
        break;
      case 'rollback':
        void this.#rollBack();
    }
  }

  /** Functions with a configuration in their code hear of no other. */
  #mayPush(): boolean {
    const { time, variety } = this.#simulation;
    const { rollout } = variety.releases;
    if (rollout?.from !== 'bundled') return true;
    return !rollout.isTakenBack && time.now() >= MORNING + settledAt(rollout) + COMMAND_MS;
  }

  #otherRules(): Change {
    const role = this.#dice.pick(ROLES);
    return (now) => ({ ...now, role });
  }

  async #push(change: Change): Promise<void> {
    await this.#activate('push', (now) => ({ wanted: change(now) }));
  }

  /** Brings one of the generations of the day back. */
  async #rollBack(): Promise<void> {
    const { activated } = this.#simulation.order;
    const { number: restores, wanted } = this.#dice.pick(activated);
    await this.#activate('rollback', () => ({ wanted, restores }));
  }

  /**
   * Until it is known what came of it. An operator who loses to another one looks at what that one has done, and leaves it
   * so.
   */
  async #activate(what: string, make: (now: Wanted) => Made): Promise<void> {
    const { platform, time, trace, configurations } = this.#simulation;
    for (;;) {
      const ended = await platform.invoke('operator', COMMAND_MS, async ({ services }) => {
        const { directory } = services;
        const after = await readActive(directory);
        if (after === undefined) throw new Error('no generation is active');
        const before = await readContent(directory, after.entry);
        const { wanted, ...rest } = make(configurations.of(after.entry.digest));
        const configuration = configurations.make(wanted);
        const actor = { by: 'the operator', reason: 'it was decided' };
        return pushConfiguration(services, {
          ...rest,
          ...{ configuration, after, before, actor, isDeployment: false },
        });
      });
      if (ended.ended === 'answered') {
        const { outcome, entry } = ended.value;
        return trace.note('operator', `${what}: ${outcome}, generation ${entry.number}`);
      }
      trace.note('operator', `${what}: ${ended.ended}`);
      await time.sleep(this.#dice.whole(10_000, 120_000));
    }
  }
}

type Made = { readonly wanted: Wanted; readonly restores?: number };
