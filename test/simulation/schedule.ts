import { readForm } from '../../functions/directory/documents.ts';
import { MAPPING_SEEN } from '../../functions/provision/drain/mapping-seen.ts';
import { nextRemapJob } from '../../functions/provision/remap-jobs.ts';
import { readReconciliation } from '../../functions/reconcile/report.ts';
import type { Dice } from './dice.ts';
import { TENANT } from './scim-call.ts';
import type { Simulation } from './simulation.ts';

const MINUTE_MS = 60_000;
const TIMEOUT_MS = 5 * MINUTE_MS;
/** How often a minute in which there is nothing to do isn't left out. */
const IDLE_MINUTES = 0.05;

/** The clock on the wall: rings every minute, and begins a reconciliation when it is told to. */
export class Schedule {
  readonly #simulation: Simulation;
  readonly #dice: Dice;
  #everyMs = MINUTE_MS;
  /** Which of the clocks that were started is the one that goes. */
  #clock = 0;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#dice = simulation.dice.fork('schedule');
  }

  /** Rings from now on. Minutes that would change nothing are mostly left out, for speed. */
  start(): void {
    this.#clock += 1;
    void this.#minute(this.#clock);
  }

  /** Rings so often from now on: seldom while for days nothing is expected, for speed. */
  slow(everyMs: number): void {
    this.#everyMs = everyMs;
    this.start();
  }

  /** Begins a reconciliation, which goes on with the minutes until it is done. */
  async reconcile(): Promise<void> {
    await this.#run('census');
  }

  /** Nothing is left that a minute would go on with. */
  async isQuiet(): Promise<boolean> {
    const { directory, time } = this.#simulation;
    const reconciliation = await readReconciliation({ directory }, TENANT);
    const isCounting = reconciliation !== undefined && reconciliation.phase !== 'done';
    const { lookAgainAt } = await readForm(directory, TENANT, MAPPING_SEEN);
    if (lookAgainAt !== undefined) return false;
    if ((await directory.dueTimers(TENANT, time.now(), 1)).length > 0) return false;
    return !isCounting && (await nextRemapJob(directory, TENANT, time.now() + MINUTE_MS)) === undefined;
  }

  async #minute(clock: number): Promise<void> {
    if (clock !== this.#clock) return;
    const { time, doorbell, directory, variety } = this.#simulation;
    time.after(this.#everyMs, () => void this.#minute(clock));
    const [due] = await directory.duePersons(TENANT, time.now(), 1);
    const [event] = await directory.duePendingEvents(TENANT, time.now(), 1);
    const isQuiet = due === undefined && event === undefined && (await this.isQuiet());
    if (isQuiet && this.#everyMs === MINUTE_MS && !this.#dice.chance(IDLE_MINUTES)) return;
    doorbell.ring();
    if (variety.neighbour !== undefined) this.#simulation.doorbellBeside.ring();
    if (due === undefined || this.#dice.chance(0.1)) await this.#run('minute');
  }

  async #run(kind: 'minute' | 'census'): Promise<void> {
    const { platform } = this.#simulation;
    await platform.invoke('schedule', TIMEOUT_MS, (host, context) => host.schedule({ kind }, context));
  }
}
