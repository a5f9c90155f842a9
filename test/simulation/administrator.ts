import { mintToken } from '../../functions/smartassist/token.ts';
import type { RecordPatch } from '../../local/simulator/agents/patch.ts';
import { DEMO_CATALOGUE } from '../../local/simulator/catalogue.ts';
import { isSuspended, viewOf } from './agent-view.ts';
import { EVENING, MORNING } from './day.ts';
import type { Dice } from './dice.ts';
import { OPTED_OUT } from './left-alone.ts';
import type { Simulation } from './simulation.ts';

/** Nobody who has read an agent's record is still about to write it back after so long. */
const ALONE_MS = 90_000;
const MINUTE_MS = 60_000;

/** Groups that no rule gives at first: managing one and working in it are different things. */
const MANAGED_BY_HAND = DEMO_CATALOGUE.agentGroups.flatMap(({ id, name }) => (name === 'Sales' ? [id] : []));

/** A custom id that an administrator gave begins so; this product's keys are longer. */
const isOurs = (customId: string | undefined) => customId !== undefined && customId.length === 15;

/**
 * An administrator who works in SmartAssist itself, beside the product: has made agents before there was a product, notes
 * things in fields that no rule manages, and changes and deletes agents that the product looks after.
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
      const { id } = simulator.seedAgent({
        emailId,
        nickName: `from before ${count}`,
        ...(this.#dice.chance(0.5) ? { customId: `ext${1_000 + count}` } : {}),
        ...(this.#dice.chance(0.3) ? { maxChatSupport: 9 } : {}),
      });
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
      if (agent === undefined || isOurs(agent.customId)) wrongs.push(`stranger ${id} was touched`);
    }
    return wrongs;
  }

  async #edit(): Promise<void> {
    const { witness, variety, time, trace } = this.#simulation;
    const alone = [...witness.agents.keys()].filter((id) => time.now() - witness.readAt(id) > ALONE_MS);
    if (alone.length === 0) return;
    const id = this.#dice.pick(alone);
    this.#count += 1;
    const note = `by hand ${this.#count}`;
    const isRepaired = variety.tenant.lifecycle.drift === 'repair' && !variety.disaster;
    if (isRepaired && !this.#strangers.has(id) && this.#dice.chance(0.6)) {
      if (this.#dice.chance(0.3)) return this.#delete(id);
      trace.note('by hand', `agent ${id} loses skills and queues`);
      this.#change(id, { skills: [], queues: [] });
      return;
    }
    const { what, patch } = this.#harmless(id, note);
    trace.note('by hand', `agent ${id} ${what}`);
    this.#change(id, patch);
    if (patch.nickName !== undefined) this.#notes.set(id, note);
  }

  /** A change of what nobody manages: it has to be there in the evening. */
  #harmless(id: string, note: string): { readonly what: string; readonly patch: RecordPatch } {
    const agent = this.#simulation.simulator.agents().find((candidate) => candidate.id === id);
    const isInService = agent !== undefined && !isSuspended(viewOf({ ...agent }));
    switch (this.#dice.whole(0, 4)) {
      case 0:
        return { what: 'goes online', patch: { onlineStatus: 'Available', onlineStatusType: 'AVAILABLE' } };
      case 1:
        return { what: 'has another capacity', patch: { maxChatSupport: 7, maxEmailChatSupport: 2 } };
      case 2: {
        // Rules of a later time may give the very group, and what then is right is documented nowhere.
        const isUnmapped = this.#simulation.variety.remapped === undefined;
        if (!isInService || !isUnmapped || agent.agentGroups.length > 1) break;
        const managed = this.#dice.pick(MANAGED_BY_HAND);
        if (agent.agentGroups.some(({ groupId }) => groupId === managed)) break;
        const agentGroups = [
          ...agent.agentGroups.map((group) => ({ ...group })),
          { groupId: managed, role: 'manager' },
        ];
        return { what: `becomes manager of ${managed}`, patch: { agentGroups } };
      }
      case 3: {
        if (agent === undefined || agent.skills.length + agent.queues.length === 0) break;
        const optedOut = <T extends object>(entries: readonly T[]) =>
          entries.map((entry, at) => (at === 0 ? { ...entry, [OPTED_OUT]: true } : entry));
        return {
          what: 'opts out of a skill and a queue',
          patch: { skills: optedOut(agent.skills), queues: optedOut(agent.queues) },
        };
      }
      default:
    }
    return { what: 'gets a nickname', patch: { nickName: note } };
  }

  #change(id: string, patch: RecordPatch): void {
    const { simulator, witness } = this.#simulation;
    witness.byHand(() => simulator.editAgent(id, patch));
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
