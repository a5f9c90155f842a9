import { everyPage } from '../../../functions/directory/pages.ts';
import type { PersonRecord } from '../../../functions/directory/record.ts';
import { customIdOf } from '../../../functions/provision/custom-id.ts';
import { isSuspended } from '../agent-view.ts';
import { changeLater, EVENING } from '../day.ts';
import type { Dice } from '../dice.ts';
import { Expectation } from '../expectation.ts';
import type { IdentityProvider } from '../identity-provider.ts';
import type { PersonModel } from '../person-model.ts';
import type { Schedule } from '../schedule.ts';
import { TENANT } from '../scim-call.ts';
import type { Simulation } from '../simulation.ts';
import { verdictOf } from '../verdict.ts';
import { CAMPAIGN_ENDS, rulesAt } from './campaign.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
/** How soon after its time an erasure has to be done: with the work of the night after. */
const ERASED_WITHIN_MS = 2 * DAY_MS;

/** What SmartAssist has: an agent that was put out of service is there, with its address. */
const OF_SMARTASSIST = /^demo#(agent#document email|document census)\b/;

interface Lives {
  readonly simulation: Simulation;
  readonly models: readonly PersonModel[];
  readonly provider: IdentityProvider;
  readonly schedule: Schedule;
  readonly rest: (when: string) => Promise<void>;
}

/**
 * A world goes on for months after its first day: days of few events, nights with a reconciliation. Long enough that what is
 * kept for a time is gone, as the data of leavers, and that clocks change.
 */
export class Months {
  readonly #lives: Lives;
  /** Deleted persons, as they were seen last. */
  readonly #leavers = new Map<string, PersonRecord>();

  constructor(lives: Lives) {
    this.#lives = lives;
  }

  /** @returns what is wrong on the first day on which something is */
  async live(): Promise<string[]> {
    const { simulation, schedule, rest } = this.#lives;
    const chance = simulation.dice.fork('months');
    const { days } = simulation.variety.months ?? { days: 0 };
    for (let day = 1; day <= days; day += chance.whole(1, 4)) {
      await this.#idleUntil(EVENING + day * DAY_MS - 10 * HOUR_MS);
      simulation.trace.note('world', `day ${day}`);
      if (chance.chance(0.35)) await this.#events(chance);
      const wrongs = await this.#campaign(EVENING + day * DAY_MS);
      await this.#idleUntil(EVENING + day * DAY_MS + 8 * HOUR_MS);
      await schedule.reconcile();
      await rest(`after night ${day}`);
      wrongs.push(...(await this.#wrongs()));
      if (wrongs.length > 0) return wrongs.map((wrong) => `on day ${day}: ${wrong}`);
    }
    return [];
  }

  async #events(chance: Dice): Promise<void> {
    const { models, provider, rest, simulation } = this.#lives;
    for (let left = chance.whole(1, 4); left > 0; left -= 1) {
      const at = chance.whole(0, models.length - 1);
      const model = models[at];
      if (model === undefined) continue;
      const change = changeLater(chance, at, model.id !== undefined);
      const { userName } = model;
      const now = simulation.time.now();
      await provider.tell({ userName, email: userName, changes: [{ at: now + 1_000, change }] }, model);
    }
    await rest('after the events of a day');
  }

  /** On the last day of the campaign: it counts until its end, and after that no more. */
  async #campaign(evening: number): Promise<string[]> {
    const { rest, simulation } = this.#lives;
    const { time } = simulation;
    // With the day before: some days are passed over.
    if (CAMPAIGN_ENDS < time.now() || CAMPAIGN_ENDS > evening + 4 * DAY_MS) return [];
    await this.#idleUntil(CAMPAIGN_ENDS - 5 * MINUTE_MS);
    await rest('before the campaign ends');
    const before = await this.#wrongs();
    await time.sleep(CAMPAIGN_ENDS - time.now() + 5 * MINUTE_MS);
    await rest('after the campaign');
    return [...before, ...(await this.#wrongs())];
  }

  /** Nothing happens until then but what the product does by the clock. */
  async #idleUntil(then: number): Promise<void> {
    const { schedule, simulation } = this.#lives;
    const { time } = simulation;
    if (then <= time.now()) return;
    schedule.slow(6 * HOUR_MS);
    await time.sleep(then - time.now());
    schedule.slow(MINUTE_MS);
  }

  async #wrongs(): Promise<string[]> {
    const { simulation, models } = this.#lives;
    const { time, directory } = simulation;
    const records: PersonRecord[] = [];
    for await (const { persons } of everyPage((from) =>
      directory.listRecords(TENANT, { limit: 500, ...from }),
    )) {
      records.push(...persons);
    }
    for (const record of records) {
      if (record.deletedAt === undefined) this.#leavers.delete(record.id);
      else this.#leavers.set(record.id, record);
    }
    const expectation = new Expectation(rulesAt(await simulation.tenant(), time.now()));
    const leavers = [...this.#leavers.values()];
    const addresses = new Set(leavers.map(({ agent }) => agent.emailId?.toLowerCase()));
    const keys = new Set(leavers.map(({ id }) => customIdOf(TENANT, id)));
    const verdict = await verdictOf(simulation, models, expectation, {
      isAgent: (agent) => isSuspended(agent) && addresses.has(agent.email),
      isKey: (customId) => keys.has(customId),
    });
    return [...verdict, ...(await this.#stillThere(records))];
  }

  /** What is left of those whose data was to be erased. */
  async #stillThere(records: readonly PersonRecord[]): Promise<string[]> {
    const { time, kept } = this.#lives.simulation;
    const wrongs: string[] = [];
    for (const { id, person, eraseAt } of this.#leavers.values()) {
      if (eraseAt === undefined || Date.parse(eraseAt) + ERASED_WITHIN_MS > time.now()) continue;
      // The same person may have come back, as another one.
      const others = JSON.stringify(records.filter((record) => record.id !== id)).toLowerCase();
      const phones = (person.phoneNumbers ?? []) as readonly { readonly value?: string }[];
      const texts = [person.userName, ...phones.map(({ value = '' }) => value)];
      const own = texts.filter((text) => text !== '' && !others.includes(text.toLowerCase()));
      if (own.length === 0) continue;
      const places = (await kept.placesOf(own)).filter((place) => !OF_SMARTASSIST.test(place));
      if (places.length > 0)
        wrongs.push(`${id} was to be erased by ${eraseAt} and is in ${places.join(', ')}`);
    }
    return wrongs;
  }
}
