import { Administrator } from './administrator.ts';
import { NeighbourPeople } from './beside/people.ts';
import { BrakeWatch } from './brake/brake.ts';
import { usualStories } from './brake/usual.ts';
import { type Day, dayOf, EVENING, NIGHT } from './day.ts';
import { Expectation } from './expectation.ts';
import { FrontDoor } from './front-door.ts';
import { IdentityProvider } from './identity-provider.ts';
import { Months } from './months/months.ts';
import { PersonModel } from './person-model.ts';
import { Operator } from './releases/operator.ts';
import { Schedule } from './schedule.ts';
import { TENANT } from './scim-call.ts';
import type { Simulation } from './simulation.ts';
import { putOutWrongly } from './sources/putting-out.ts';
import { withOwnAddresses } from './sources/story.ts';
import { trouble } from './troubles.ts';
import { verdictOf, wordsForgotten } from './verdict.ts';
import { CALM } from './weather.ts';

const MINUTE_MS = 60_000;
/** How long everything may take to be right once nothing goes wrong any more. */
const PATIENCE_MS = 6 * 60 * MINUTE_MS;
/** A source that can't be read is asked again for so long. */
const DAY_MS = 24 * 60 * MINUTE_MS;

/**
 * Lets a simulated world live through its day, and through the night in which all has to come right.
 *
 * @returns what is wrong at the end, or was at any moment; nothing when all is well
 */
export async function live(simulation: Simulation): Promise<string[]> {
  const { time, witness } = simulation;
  let wrongs: string[] | undefined;
  new Course(simulation).run().then(
    (found) => {
      wrongs = found;
    },
    (error: unknown) => {
      wrongs = [error instanceof Error ? (error.stack ?? error.message) : String(error)];
    },
  );
  await time.run(() => wrongs !== undefined || witness.broken !== undefined);
  if (witness.broken !== undefined) return [witness.broken];
  return wrongs ?? ['everything waits, and nothing happens any more'];
}

class Course {
  readonly #simulation: Simulation;
  readonly #day: Day;
  readonly #models: readonly PersonModel[];
  readonly #door: FrontDoor;
  readonly #provider: IdentityProvider;
  readonly #schedule: Schedule;
  readonly #administrator: Administrator;
  readonly #operator: Operator;
  readonly #neighbours: NeighbourPeople;
  readonly #months: Months;
  readonly #brake: BrakeWatch;

  constructor(simulation: Simulation) {
    const { dice, variety, time } = simulation;
    this.#simulation = simulation;
    const day = dayOf(dice.fork('day'), variety);
    const stories = variety.isUsual ? usualStories(dice.fork('usual'), day.stories) : day.stories;
    this.#day = { ...day, stories: variety.sources === undefined ? stories : withOwnAddresses(stories) };
    this.#models = this.#day.stories.map(({ userName }) => new PersonModel(userName));
    this.#door = new FrontDoor(simulation);
    this.#provider = new IdentityProvider({
      time,
      dice: dice.fork('identity provider'),
      door: this.#door,
      repeats: variety.repeats,
      imports: variety.imports,
      evening: EVENING,
    });
    this.#schedule = new Schedule(simulation);
    this.#administrator = new Administrator(simulation);
    this.#operator = new Operator(simulation);
    this.#neighbours = new NeighbourPeople(simulation);
    const rest = (when: string) => this.#rest(when);
    const [models, provider, schedule] = [this.#models, this.#provider, this.#schedule];
    this.#months = new Months({ simulation, models, provider, schedule, rest });
    this.#brake = new BrakeWatch({ simulation, models, provider, rest, day: this.#day });
  }

  async run(): Promise<string[]> {
    const { time, simulator, variety } = this.#simulation;
    await this.#simulation.begin();
    await this.#door.makeGroups();
    this.#administrator.prepare(this.#day.stories.map(({ email }) => email));
    this.#administrator.work();
    this.#schedule.start();
    this.#brake.watch();
    trouble(this.#simulation, () => void this.#schedule.reconcile(), this.#operator);
    this.#operator.work(this.#day);
    this.#neighbours.start();
    const tellings = this.#day.stories.map((story, at) => {
      const model = this.#models[at];
      return model === undefined ? undefined : this.#provider.tell(story, model);
    });
    const toldBySources = this.#simulation.sources?.tell(this.#day.stories);
    await time.sleep(EVENING - time.now());
    simulator.setBehaviour(variety.behaviour);
    await Promise.all([...tellings, toldBySources]);
    await time.sleep(NIGHT - time.now());
    await this.#simulation.sources?.quiet();
    await this.#rest('after the day');
    const lost = await this.#readSources();
    if (lost.length > 0) return lost;
    await this.#schedule.reconcile();
    await this.#rest('after the reconciliation');
    await Promise.all(this.#models.map((model) => this.#provider.tryRefused(model)));
    await this.#rest('after the last cycle');
    const held = await this.#brake.check();
    await this.#rest('after the brake');
    const verdict = await verdictOf(
      this.#simulation,
      this.#models,
      new Expectation(await this.#simulation.tenant()),
    );
    const complaints = this.#administrator.complaints(new Set(this.#day.stories.map(({ email }) => email)));
    const beside = await this.#neighbours.complaints(this.#models.length);
    const putOut = await putOutWrongly(this.#simulation, this.#day.stories);
    const { audit, directory } = this.#simulation;
    const audited = await audit.wrongs(directory, variety.weather === CALM);
    const wrongs = [...held, ...verdict, ...complaints, ...beside, ...putOut, ...audited];
    if (wrongs.length > 0) return wrongs;
    const again = await this.#sendAllAgain();
    return again.length > 0 || variety.months === undefined ? again : this.#months.live();
  }

  /** Every word that was taken counts by now; what was lost on its way is made good by a reading. */
  async #readSources(): Promise<string[]> {
    const { sources } = this.#simulation;
    if (sources === undefined) return [];
    const lost = [...(await sources.look()), ...(await wordsForgotten(this.#simulation, this.#models))];
    if (lost.length > 0) return lost.map((text) => `before the last reading: ${text}`);
    await sources.readForTheLastTime();
    await this.#rest('after the last reading');
    return [];
  }

  /** Waits until nothing is due and nothing runs. */
  async #rest(when: string): Promise<void> {
    const { time, directory, platform, doorbell, trace, sources } = this.#simulation;
    const until = time.now() + (sources === undefined ? PATIENCE_MS : DAY_MS);
    for (;;) {
      const due = await directory.duePersons(TENANT, time.now() + PATIENCE_MS, 3);
      const isIdle = platform.running === 0 && doorbell.isQuiet && (await this.#schedule.isQuiet());
      const events = await directory.duePendingEvents(TENANT, time.now() + DAY_MS, 1);
      if (due.length === 0 && events.length === 0 && isIdle) break;
      if (time.now() > until) {
        throw new Error(`no rest ${when}: ${due.map((record) => JSON.stringify(record)).join('\n')}`);
      }
      await time.sleep(MINUTE_MS);
    }
    trace.note('world', `rests ${when}`);
  }

  /** Everybody is sent once more as they are, under a generation whose mapping is equal: not one call is to be made. */
  async #sendAllAgain(): Promise<string[]> {
    const { directory, witness, trace, dice, variety } = this.#simulation;
    const before = witness.agentCalls;
    trace.note('world', 'everybody is sent again');
    if (variety.releases.pushes.length > 0) await this.#operator.changeSettings();
    const chance = dice.fork('again');
    for (const { userName } of this.#models) {
      if (!chance.chance(0.3)) continue;
      const [record] = await directory.findPerson(TENANT, { attribute: 'userName', value: userName });
      if (record === undefined || record.deletedAt !== undefined || record.state === 'failed') continue;
      const reply = await this.#door.send({
        method: 'PUT',
        path: `/Users/${record.id}`,
        body: record.person,
      });
      if (reply.status !== 200) return [`${userName} sent again is answered ${reply.status}`];
    }
    await this.#rest('after sending everybody again');
    const calls = witness.agentCalls - before;
    return calls === 0 ? [] : [`${calls} calls for persons who did not change`];
  }
}
