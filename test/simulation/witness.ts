import type { CallRate } from '../../functions/smartassist/call-rate.ts';
import type { AgentRecord } from '../../local/simulator/agents/record.ts';
import type { AgentStore } from '../../local/simulator/agents/store.ts';
import type { SimulatorAnswer } from '../../local/simulator/answer.ts';
import type { Operation } from '../../local/simulator/route.ts';
import { mostCalls } from './account.ts';
import { type AgentView, differing, isSuspended, viewOf } from './agent-view.ts';
import { wrongsOfUpdate } from './left-alone.ts';
import type { Trace } from './trace.ts';

const MINUTE_MS = 60_000;
const ADMIN_CALLS_PER_MINUTE = 60;

/** What is done to an agent. */
export type Change = 'create' | 'update' | 'delete';

/** An agent that the product has made or changed, as it is then. */
export interface WrittenAgent extends AgentView {
  readonly id: string;
  readonly isNew: boolean;
  /** Whether it has another role than before: what was applied late stays as it is. */
  readonly hasNewRole: boolean;
}

/**
 * Sees every call and every change of an agent, and holds them to the rules that must never be broken, not even for a
 * moment: the budget, one agent a person, no update that changes nothing.
 */
export class Witness {
  readonly #now: () => number;
  readonly #trace: Trace;
  readonly #callsPerMinute: CallRate;
  /** The account takes an update with another address, and keeps the former one. */
  readonly #keepsAddresses: boolean;
  readonly #sent: number[] = [];
  readonly #sentToAdmin: number[] = [];
  readonly #agents = new Map<string, AgentView>();
  readonly #records = new Map<string, AgentRecord>();
  /** Agents that the product made, and those that were made by hand. */
  readonly #made = new Set<string>();
  readonly #ownCustomIds = new Map<string, string>();
  readonly #idsByCustomId = new Map<string, Set<string>>();
  readonly #suspensions: { readonly who: string; readonly at: number }[] = [];
  readonly #putOut: { readonly id: string; readonly at: number }[] = [];
  readonly #capacities = new Map<string, string>();
  readonly #readAt = new Map<string, number>();
  readonly #listeners: ((agent: WrittenAgent) => void)[] = [];
  readonly #changeListeners: ((change: Change, agent: AgentView) => void)[] = [];
  /** The call that changes agents at this moment: an update's agent, or `new` for a create. */
  #doing: string | undefined;
  /** The address in that update. */
  #sentAddress = '';
  #agentCalls = 0;
  #broken: string | undefined;
  /** A change is applied whose caller gave up long ago: what it undoes has to heal, and nothing else is asked of it. */
  #isLate = false;
  readonly #lateAt = new Map<string, number>();

  constructor(options: {
    readonly now: () => number;
    readonly trace: Trace;
    readonly callsPerMinute: CallRate;
    readonly keepsAddresses: boolean;
  }) {
    this.#now = options.now;
    this.#trace = options.trace;
    this.#callsPerMinute = options.callsPerMinute;
    this.#keepsAddresses = options.keepsAddresses;
  }

  /** The first rule that was broken. */
  get broken(): string | undefined {
    return this.#broken;
  }

  get calls(): number {
    return this.#sent.length;
  }

  /** Calls about agents, not those that read names. */
  get agentCalls(): number {
    return this.#agentCalls;
  }

  /** Whose agents were put out of service, by Custom ID where there is one, and when, true time. */
  get suspensions(): readonly { readonly who: string; readonly at: number }[] {
    return this.#suspensions;
  }

  /** Which agents the product put out of service, and when. */
  get putOut(): readonly { readonly id: string; readonly at: number }[] {
    return this.#putOut;
  }

  /** Agents as they are in SmartAssist at this moment, by id. */
  get agents(): ReadonlyMap<string, AgentView> {
    return this.#agents;
  }

  /** Whether the product made this agent. */
  hasMade(id: string): boolean {
    return this.#made.has(id);
  }

  /** The custom id that an agent had before the product met it. */
  ownCustomIdOf(id: string): string | undefined {
    return this.#ownCustomIds.get(id);
  }

  /** Hears of each agent that the product has made or changed, as it is then. */
  onWrite(listener: (agent: WrittenAgent) => void): void {
    this.#listeners.push(listener);
  }

  /** Hears of all that the product does to agents, late or not: of a deleted one as it was. */
  onChange(listener: (change: Change, agent: AgentView) => void): void {
    this.#changeListeners.push(listener);
  }

  /** A change that no call does: what it leaves is right. */
  byHand(change: () => void): void {
    const doing = this.#doing;
    this.#doing = undefined;
    change();
    this.#doing = doing;
  }

  /** What an agent's chat capacity has to be: as it was made with, or set by hand since. */
  capacityOf(id: string | undefined): string | undefined {
    return id === undefined ? undefined : this.#capacities.get(id);
  }

  /** When a function last had a part in this agent; it may be about to write back what it has read. */
  readAt(id: string): number {
    return this.#readAt.get(id) ?? 0;
  }

  breaks(rule: string): void {
    this.#trace.note('WITNESS', rule);
    this.#broken ??= rule;
  }

  /** A call leaves a machine: this is what its budget counts. The Admin APIs have a limit of their own. */
  sent(to: 'contact centre' | 'admin'): void {
    const now = this.#now();
    const sent = to === 'admin' ? this.#sentToAdmin : this.#sent;
    sent.push(now);
    const limit =
      to === 'admin' ? ADMIN_CALLS_PER_MINUTE : mostCalls(this.#callsPerMinute, now, sent[0] ?? now);
    const first = sent[sent.length - 1 - limit];
    if (first !== undefined && now - first < MINUTE_MS) {
      this.breaks(`over budget: ${limit + 1} ${to} calls in ${now - first} ms`);
    }
  }

  /** A call is at SmartAssist: what it changes until `answered` is its doing. */
  arrives(operation: Operation | undefined, id: string, body = '{}'): void {
    if (operation === undefined) this.breaks('a call that SmartAssist does not have');
    if (operation?.includes('/agents')) this.#agentCalls += 1;
    if (operation === 'PUT /agents/{agentId}') {
      this.#doing = id;
      this.#sentAddress = String((JSON.parse(body) as { readonly emailId?: unknown }).emailId).toLowerCase();
    }
    if (operation === 'DELETE /agents/{agentId}') this.#doing = id;
    if (operation === 'POST /agents') this.#doing = 'new';
    for (const agentId of [id, ...(this.#idsByCustomId.get(id) ?? [])])
      this.#readAt.set(agentId, this.#now());
  }

  /** A call that arrives after its caller has given up. */
  async arrivesLate(what: string, arrive: () => Promise<unknown>): Promise<void> {
    this.#trace.note('SmartAssist', `${what} is applied late`);
    this.#isLate = true;
    try {
      await arrive();
    } finally {
      this.#isLate = false;
    }
  }

  answered(operation: Operation | undefined, id: string, answer: SimulatorAnswer): void {
    this.#doing = undefined;
    this.#trace.note('SmartAssist', () => `${operation} ${id} → ${describe(answer)}`);
  }

  /** Where the simulator keeps its agents. */
  store(): AgentStore {
    return {
      load: () => [],
      put: (record) => this.#changes(record),
      delete: (id) => {
        const before = this.#agents.get(id);
        const { customId = '' } = before ?? {};
        if (before !== undefined && this.#doing === id) this.#tell('delete', before);
        this.#agents.delete(id);
        this.#records.delete(id);
        this.#idsByCustomId.get(customId)?.delete(id);
        // One that was out of service already was counted then.
        if (before !== undefined && !isSuspended(before)) this.#goesOut(id, customId);
        this.#trace.note('SmartAssist', () => `agent ${id} (${customId}) is gone`);
      },
      clear() {},
    };
  }

  #goesOut(id: string, customId: string): void {
    this.#suspensions.push({ who: customId === '' ? id : customId, at: this.#now() });
  }

  #changes(record: AgentRecord): void {
    const { id } = record;
    const before = this.#agents.get(id);
    const recordBefore = this.#records.get(id);
    const after = viewOf({ ...record });
    this.#agents.set(id, after);
    this.#records.set(id, record);
    const changed = before === undefined ? ['new'] : differing(before, after);
    this.#trace.note('SmartAssist', () => `agent ${id} (${after.customId}): ${changed.join('; ')}`);
    if (before === undefined && this.#doing === 'new') this.#made.add(id);
    if (this.#doing === undefined && after.customId !== '' && before?.customId !== after.customId)
      this.#ownCustomIds.set(id, after.customId);
    if (this.#doing !== id) this.#capacities.set(id, after.capacity);
    else if (this.#isLate) this.#lateAt.set(id, this.#now());
    else {
      const isKept = this.#keepsAddresses && this.#sentAddress !== after.email;
      // A function that has read the agent before can't know.
      const isRaced = this.#now() - (this.#lateAt.get(id) ?? 0) < MINUTE_MS;
      if (changed.length === 0 && !isKept && !isRaced)
        this.breaks(`agent ${id} is updated to what it is already`);
      const wrongs = recordBefore === undefined ? [] : wrongsOfUpdate(recordBefore, record);
      if (wrongs.length > 0) this.breaks(`agent ${id} is updated: ${wrongs.join('; ')}`);
    }
    if (this.#doing !== undefined) this.#tell(before === undefined ? 'create' : 'update', after);
    if (this.#doing !== undefined && !this.#isLate) {
      const isNew = before === undefined;
      const hasNewRole = before?.role !== after.role;
      for (const listener of this.#listeners) listener({ ...after, id, isNew, hasNewRole });
    }
    if (before === undefined) this.#index(id, after.customId);
    else {
      if (isSuspended(after) && !isSuspended(before)) {
        this.#goesOut(id, after.customId);
        if (this.#doing === id) this.#putOut.push({ id, at: this.#now() });
      }
      if (before.customId === after.customId) return;
      this.#idsByCustomId.get(before.customId)?.delete(id);
      this.#index(id, after.customId);
    }
  }

  #tell(change: Change, agent: AgentView): void {
    for (const listener of this.#changeListeners) listener(change, agent);
  }

  #index(id: string, customId: string): void {
    if (customId === '') return;
    const ids = this.#idsByCustomId.get(customId) ?? new Set();
    this.#idsByCustomId.set(customId, ids.add(id));
    if (ids.size > 1) this.breaks(`two agents for one person: ${[...ids].join(', ')} (${customId})`);
  }
}

function describe(answer: SimulatorAnswer): string {
  if (answer.kind !== 'response') return answer.kind;
  const { status, body } = answer;
  return status === 200 ? (body.startsWith('<') ? '200 garbage' : '200') : `${status} ${body.slice(0, 120)}`;
}
