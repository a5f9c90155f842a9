import { mintToken } from '../../functions/smartassist/token.ts';
import { EVENING, MORNING } from './day.ts';
import type { Dice } from './dice.ts';
import type { Simulation } from './simulation.ts';

/** Nobody who has read an agent's record is still about to write it back after so long. */
const ALONE_MS = 90_000;
const MINUTE_MS = 60_000;

/**
 * Somebody who works in SmartAssist by hand, beside the product: has made agents before there was a product, notes things
 * in fields that nobody manages, and changes and deletes agents that the product looks after.
 */
export class Administrator {
  readonly #simulation: Simulation;
  readonly #dice: Dice;
  /** What has to be left of each agent touched by hand. */
  readonly #notes = new Map<string, string>();
  readonly #strangers = new Map<string, string>();
  #count = 0;

  constructor(simulation: Simulation) {
    this.#simulation = simulation;
    this.#dice = simulation.dice.fork('administrator');
  }

  /** Agents from before: some of people whom nobody knows, some with the addresses of people who are yet to join. */
  prepare(emails: readonly string[]): void {
    const { simulator, variety } = this.#simulation;
    for (let count = 0; count < variety.strangers; count += 1) {
      const emailId = this.#dice.chance(0.5) ? this.#dice.pick(emails) : `stranger-${count}@example.com`;
      if ([...this.#strangers.values()].includes(emailId)) continue;
      const { id } = simulator.seedAgent({ emailId, nickName: `from before ${count}` });
      this.#strangers.set(id, emailId);
      this.#notes.set(id, `from before ${count}`);
    }
  }

  /** Does something by hand now and then until the evening. */
  work(): void {
    const { time, variety } = this.#simulation;
    for (let count = 0; count < variety.handEdits; count += 1) {
      const at = MORNING + this.#dice.whole(30 * MINUTE_MS, EVENING - MORNING - MINUTE_MS);
      time.at(at, () => void this.#edit());
    }
  }

  /** What the product has done to agents that weren't its own, and to fields that weren't. */
  complaints(knownEmails: ReadonlySet<string>): string[] {
    const { simulator } = this.#simulation;
    const wrongs: string[] = [];
    const left = new Map(simulator.agents().map((agent) => [agent.id, agent]));
    for (const [id, note] of this.#notes) {
      const agent = left.get(id);
      if (agent !== undefined && agent.nickName !== note) {
        wrongs.push(
          `agent ${id} had the nickname "${note}", which nobody manages, and has "${agent.nickName}"`,
        );
      }
    }
    for (const [id, emailId] of this.#strangers) {
      if (knownEmails.has(emailId)) continue;
      const agent = left.get(id);
      if (agent === undefined || agent.customId !== undefined) wrongs.push(`stranger ${id} was touched`);
    }
    return wrongs;
  }

  async #edit(): Promise<void> {
    const { simulator, witness, variety, time, trace } = this.#simulation;
    const alone = [...witness.agents.keys()].filter((id) => time.now() - witness.readAt(id) > ALONE_MS);
    if (alone.length === 0) return;
    const id = this.#dice.pick(alone);
    this.#count += 1;
    const note = `by hand ${this.#count}`;
    const isRepaired = variety.tenant.lifecycle.drift === 'repair' && !variety.disaster;
    if (isRepaired && !this.#strangers.has(id) && this.#dice.chance(0.6)) {
      if (this.#dice.chance(0.3)) return this.#delete(id);
      trace.note('by hand', `agent ${id} loses skills and queues`);
      simulator.editAgent(id, { skills: [], queues: [] });
      return;
    }
    trace.note('by hand', `agent ${id} gets a nickname`);
    simulator.editAgent(id, { nickName: note });
    this.#notes.set(id, note);
  }

  async #delete(id: string): Promise<void> {
    const { simulator, time, trace, secrets } = this.#simulation;
    trace.note('by hand', `agent ${id} is deleted`);
    const credentials = { clientId: 'cs-1', clientSecret: secrets.good[0] ?? '' };
    const claims = { iat: true, exp: true, jti: true };
    const auth = await mintToken(credentials, claims, time.now(), `by hand ${this.#count}`);
    await simulator.deliver({
      method: 'DELETE',
      url: `/agentassist/api/v1/public/${simulator.streamId}/agents/${id}`,
      headers: { auth },
      body: '',
    });
    this.#notes.delete(id);
  }
}
