import { discardHeld, releaseHeld } from '../../../functions/operate/brake.ts';
import { readBrake } from '../../../functions/provision/brake/brake.ts';
import type { Services } from '../../../functions/provision/services.ts';
import { isSuspended } from '../agent-view.ts';
import type { Day } from '../day.ts';
import type { IdentityProvider } from '../identity-provider.ts';
import type { PersonModel } from '../person-model.ts';
import { TENANT } from '../scim-call.ts';
import { inService } from '../seats/seats.ts';
import type { Simulation } from '../simulation.ts';
import { CALM } from '../weather.ts';

const MINUTE_MS = 60_000;
const OPERATOR = 'the operator';
/** How many of those held an operator leaves in service. */
const DISCARDED = 3;

interface Terms {
  readonly simulation: Simulation;
  readonly models: readonly PersonModel[];
  readonly provider: IdentityProvider;
  readonly day: Day;
  readonly rest: (when: string) => Promise<void>;
}

/** The brake holds nobody on a normal day; in a disaster it lets as many go as it allows, and operators decide. */
export class BrakeWatch {
  readonly #terms: Terms;
  /** How many were in service when all were put out, and how many of these the product had made. */
  #staff = 0;
  #made = 0;
  /** Who had left before, and whose agent was not out yet: they were counted then. */
  #leaving = 0;
  /** The brake held leavers before that already. */
  #heldBefore = false;

  constructor(terms: Terms) {
    this.#terms = terms;
  }

  watch(): void {
    const { simulation, day } = this.#terms;
    if (day.disasterAt === undefined) return;
    simulation.time.at(day.disasterAt - 1, () => {
      const { agents } = simulation.witness;
      this.#staff = inService(agents);
      this.#made = inService(new Map([...agents].filter(([id]) => simulation.witness.hasMade(id))));
      void readBrake(simulation, TENANT).then(({ engaged }) => {
        this.#heldBefore = engaged.leaving !== undefined;
      });
      void simulation.directory.queuedPersons(TENANT, { limit: 1_000 }).then(({ persons }) => {
        this.#leaving = persons.filter(
          ({ agent, person, deletedAt }) =>
            agent.presence === 'active' && (person.active === false || deletedAt !== undefined),
        ).length;
      });
    });
  }

  /** @returns what is wrong with what it has let and held; then all that waits is decided */
  async check(): Promise<string[]> {
    const { simulation, day } = this.#terms;
    const { directory } = simulation;
    const { persons } = await directory.heldPersons(TENANT, { limit: 100 });
    if (day.disasterAt === undefined)
      return persons.length === 0 ? [] : ['the brake holds somebody on a normal day'];
    const wrongs = this.#letThrough(day.disasterAt);
    // So few may be in service that all of them may go. Agents made by hand may be nobody's.
    if (persons.length === 0 && this.#made > this.#most()) {
      const brake = await readBrake({ directory }, TENANT);
      wrongs.push(`the brake holds nobody after a disaster: ${JSON.stringify(brake)}`);
    }
    const inactive = persons.filter(({ deletedAt }) => deletedAt === undefined);
    const names = inactive.slice(0, DISCARDED).map(({ person }) => person.userName);
    wrongs.push(...(await this.#discard(names)));
    await this.#asOperator((services) =>
      releaseHeld(services, TENANT, { all: true }, { by: OPERATOR, reason: 'it was meant' }),
    );
    await this.#leaveAgain(names);
    return wrongs;
  }

  /** How many may go within the brake's hour, by whatever share. */
  #most(): number {
    const { simulation, models } = this.#terms;
    const { percent, atLeast } = simulation.variety.tenant.lifecycle.brake;
    return Math.max(atLeast - 1, Math.floor((models.length * percent) / 100));
  }

  /** As many as it allows are out, and no more. */
  #letThrough(disasterAt: number): string[] {
    const { simulation } = this.#terms;
    const { percent, atLeast, within, long } = simulation.variety.tenant.lifecycle.brake;
    const { suspensions } = simulation.witness;
    // Who leaves, comes back and leaves again is one.
    const outWithin = (from: number, to: number) =>
      new Set(suspensions.filter(({ at }) => at >= from && at < to).map(({ who }) => who)).size;
    const gone = outWithin(disasterAt, disasterAt + within * 1_000);
    const most = this.#most() + this.#leaving;
    const least = Math.min(
      ...[{ percent, atLeast, within }, long].map((window) => {
        const before = outWithin(disasterAt - window.within * 1_000, disasterAt);
        // The share is of those in service when the window began, which is now where none left in it.
        const share = before === 0 ? Math.floor((this.#staff * window.percent) / 100) : 0;
        return Math.max(window.atLeast - 1, share) - before;
      }),
    );
    return [
      ...(gone > most ? [`the brake let ${gone} out of service, ${most} at most were to go`] : []),
      // A function that dies, or loses what it has counted, leaves one less to go.
      ...(gone < least && !this.#heldBefore && simulation.variety.weather === CALM
        ? [`the brake let ${gone} out of service, ${least} at least were to go`]
        : []),
    ];
  }

  /** Whose leaving an operator discards stays in service, and is held no more. */
  async #discard(names: readonly string[]): Promise<string[]> {
    const { simulation, rest } = this.#terms;
    if (names.length === 0) return [];
    await this.#asOperator((services) =>
      discardHeld(services, TENANT, { persons: names }, { by: OPERATOR, reason: 'they stay' }),
    );
    await rest('after some were discarded');
    const wrongs: string[] = [];
    for (const name of names) {
      const [record] = await simulation.directory.findPerson(TENANT, { attribute: 'userName', value: name });
      const agent = simulation.witness.agents.get(record?.agent.agentId ?? '');
      if (record?.held !== undefined) wrongs.push(`${name} is held, though discarded`);
      if (agent !== undefined && isSuspended(agent))
        wrongs.push(`${name} is out of service, though discarded`);
    }
    return wrongs;
  }

  /** Something new is said of those who were discarded, that they are deleted: now they leave. */
  async #leaveAgain(names: readonly string[]): Promise<void> {
    const { simulation, models, provider, rest } = this.#terms;
    await rest('after the others were released');
    for (const model of models) {
      if (!names.includes(model.userName)) continue;
      const { userName } = model;
      const at = simulation.time.now();
      const changes = [{ at, change: { kind: 'delete' } as const }];
      await provider.tell({ userName, email: userName, changes }, model);
    }
  }

  async #asOperator(work: (services: Services) => Promise<unknown>): Promise<void> {
    const { platform } = this.#terms.simulation;
    await platform.invoke('schedule', MINUTE_MS, (host) => work(host.services));
  }
}
