import { PRIORITY } from '../../functions/directory/record.ts';
import { accept } from '../../functions/provision/accept.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import { demoTenant } from '../mapping/demo.ts';
import { onUsualDays } from '../simulation/brake/usual.ts';
import { eventOf, TENANT } from '../simulation/scim-call.ts';
import { Simulation } from '../simulation/simulation.ts';
import { withSynchronousHmac } from '../simulation/synchronous-hmac.ts';
import { CALM, type Weather } from '../simulation/weather.ts';
import { printGoals } from './goals.ts';

/**
 * `npm run bench -- provision`: 5,000 new persons as back-fill on the simulation's clock, with its machines, its queue and
 * its network but with nothing going wrong: what an agent costs in calls, how much of the budget is used while there is
 * work, how long a person waits who joins in the middle, and what sending everybody again costs. And fewer once more
 * against a SmartAssist that takes seconds for each answer. Fails when a goal is missed.
 */

const CALLS_PER_MINUTE = 50;
const GOALS = { callsPerAgent: 1.02, joinerSeconds: 10, callsForTheSame: 0 };
const MINUTE_MS = 60_000;
const REQUEST_MS = 29_000;

const personOf = (number: number): Person => ({
  userName: `person-${number}@example.com`,
  active: true,
  name: { givenName: `Given ${number}`, familyName: `Family ${number}` },
  emails: [{ value: `person-${number}@example.com`, type: 'work', primary: true }],
  phoneNumbers: [{ value: `+49 30 ${1_000_000 + number}`, type: 'work' }],
  preferredLanguage: number % 3 === 0 ? 'de' : 'en',
});

/** So many new persons from a file, and one who joins while half of them wait. */
class Backfill {
  readonly #persons: number;
  readonly #simulation: Simulation;

  constructor(persons: number, weather: Weather) {
    this.#persons = persons;
    this.#simulation = new Simulation({
      seed: 1,
      vary: (variety) => ({
        ...onUsualDays(variety),
        weather,
        behaviour: {},
        emailChanges: { emailChange: 'taken', isProbed: false },
        table: 'memory',
        isOneMachine: false,
        pageSize: undefined,
        indexLags: false,
        tenant: {
          ...demoTenant(),
          smartassist: { ...variety.tenant.smartassist, callsPerMinute: CALLS_PER_MINUTE },
        },
      }),
    });
  }

  async measured() {
    const { time, witness } = this.#simulation;
    const figures = this.#measure();
    let isOver = false;
    const over = () => {
      isOver = true;
    };
    figures.then(over, over);
    await time.run(() => isOver || witness.broken !== undefined);
    if (witness.broken !== undefined) throw new Error(witness.broken);
    return figures;
  }

  async #measure() {
    const { time, witness, simulator } = this.#simulation;
    await this.#simulation.begin();
    this.#ringEveryMinute();
    const begun = time.now();
    await this.#importAll();
    await time.sleep((this.#persons / CALLS_PER_MINUTE / 2) * MINUTE_MS);
    const joinerMs = await this.#join();
    await this.#until(
      () => witness.agents.size > this.#persons,
      1_000,
      2 * (this.#persons / CALLS_PER_MINUTE) * MINUTE_MS,
    );
    const minutes = (time.now() - begun) / MINUTE_MS;
    const { calls, agents } = witness;
    return {
      persons: this.#persons,
      agents: agents.size,
      calls,
      minutes: Math.round(minutes * 10) / 10,
      callsPerAgent: calls / agents.size,
      budgetUsed: calls / (minutes * CALLS_PER_MINUTE),
      joinerSeconds: joinerMs / 1000,
      peakPerMinute: simulator.peakPerMinute(),
      callsForTheSame: await this.#sendAgain(),
    };
  }

  /** @throws Error where it isn't so within that time: nothing happens any more */
  async #until(isSo: () => boolean, everyMs: number, withinMs: number): Promise<void> {
    const { time, witness } = this.#simulation;
    const end = time.now() + withinMs;
    while (!isSo()) {
      if (time.now() > end) throw new Error(`${witness.agents.size} agents, and no more come`);
      await time.sleep(everyMs);
    }
  }

  #ringEveryMinute(): void {
    this.#simulation.doorbell.ring();
    this.#simulation.time.after(MINUTE_MS, () => this.#ringEveryMinute());
  }

  async #importAll(): Promise<void> {
    const { platform } = this.#simulation;
    await Promise.all(
      Array.from({ length: this.#persons }, (_, number) =>
        platform.invoke('scim', MINUTE_MS, ({ services }) =>
          accept(TENANT, services, { person: personOf(number), source: 'file', priority: PRIORITY.backfill }),
        ),
      ),
    );
  }

  /** Milliseconds from the request of a person who joins until the agent is there. */
  async #join(): Promise<number> {
    const { time, platform, witness } = this.#simulation;
    const joiner = personOf(this.#persons);
    const begun = time.now();
    const sent = platform.invoke('scim', REQUEST_MS, (host, context) =>
      host.scim(eventOf({ method: 'POST', path: '/Users', body: joiner }), context),
    );
    const isAgent = () => [...witness.agents.values()].some(({ email }) => email === joiner.userName);
    await this.#until(isAgent, 100, 10 * MINUTE_MS);
    const took = time.now() - begun;
    await sent;
    return took;
  }

  /** Sends everybody as they are, through the front door; the calls that this takes. */
  async #sendAgain(): Promise<number> {
    const { time, platform, directory, witness } = this.#simulation;
    const before = witness.calls;
    let after: string | undefined;
    do {
      const page = await directory.listPersons(TENANT, {
        limit: 100,
        ...(after === undefined ? {} : { after }),
      });
      await Promise.all(
        page.persons.map(({ id, person }) =>
          platform.invoke('scim', REQUEST_MS, (host, context) =>
            host.scim(eventOf({ method: 'PUT', path: `/Users/${id}`, body: person }), context),
          ),
        ),
      );
      after = page.next;
    } while (after !== undefined);
    // Whatever that leaves to be done is done by then.
    await time.sleep(10 * MINUTE_MS);
    return witness.calls - before;
  }
}

type Figures = Awaited<ReturnType<Backfill['measured']>>;

function show(title: string, figures: Figures, share: number, seconds: number): void {
  const { callsPerAgent, budgetUsed, joinerSeconds, callsForTheSame, peakPerMinute } = figures;
  console.log(
    `${title}: ${figures.calls} calls in ${figures.minutes} minutes of the simulation, ${seconds.toFixed(1)} s of ours`,
  );
  printGoals([
    { what: 'calls per created agent', is: callsPerAgent, most: GOALS.callsPerAgent },
    { what: 'budget used while there is work', is: 100 * budgetUsed, unit: '%', least: 100 * share },
    {
      what: 'a joiner in the middle is an agent after',
      is: joinerSeconds,
      unit: 's',
      most: GOALS.joinerSeconds,
    },
    { what: 'calls for everybody sent again unchanged', is: callsForTheSame, most: GOALS.callsForTheSame },
    { what: 'most calls in any 60 s', is: peakPerMinute, most: CALLS_PER_MINUTE },
  ]);
  console.log(JSON.stringify(figures));
}

const restore = withSynchronousHmac();
const runs: [string, number, Weather, number][] = [
  [`5,000 new persons as back-fill, ${CALLS_PER_MINUTE} calls a minute`, 5_000, CALM, 0.98],
  // The names are read one page after the other first, and each drain waits for its last answers.
  ['1,000, each answer taking 3 to 5 s', 1_000, { ...CALM, answerMs: [3_000, 5_000] }, 0.9],
];
for (const [title, persons, weather, share] of runs) {
  const begun = performance.now();
  const figures = await new Backfill(persons, weather).measured();
  show(title, figures, share, (performance.now() - begun) / 1000);
}
restore();
