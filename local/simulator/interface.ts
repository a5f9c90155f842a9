import type { Transport } from '../../functions/runtime/transport.ts';
import type { RecordPatch } from './agents/patch.ts';
import type { AgentRecord } from './agents/record.ts';
import type { SimulatorAnswer } from './answer.ts';
import type { Behaviour, BehaviourInput } from './behaviour.ts';
import type { CallCounts } from './calls.ts';
import type { CatalogueSeed } from './catalogue.ts';
import type { SimulatorRequest } from './request.ts';

/** An answer and the milliseconds after which it is given. What the call does is done when it arrives. */
export interface Delivery {
  readonly answer: SimulatorAnswer;
  readonly afterMs: number;
}

export interface Simulator {
  readonly streamId: string;
  readonly accountId: string;
  readonly orgId: string;
  readonly catalogue: CatalogueSeed;
  /** Takes a call and waits out its latency on the simulator's clock. */
  handle(request: SimulatorRequest): Promise<SimulatorAnswer>;
  /** Takes a call and leaves the waiting to the caller. */
  deliver(request: SimulatorRequest): Promise<Delivery>;
  /** Calls to the simulator without a network; it fails as the real transport does. */
  transport(): Transport;
  /** Whole records, oldest first, with the TURN secret that must never be logged. */
  agents(): AgentRecord[];
  /** E-mail addresses of the account's users. */
  users(): string[];
  /** An agent that was there before: a partial record, unchecked. */
  seedAgent(partial: RecordPatch): AgentRecord;
  /** A change made in SmartAssist by hand; null takes a field out. Throws a `Rejection` for an unknown id. */
  editAgent(id: string, patch: RecordPatch): AgentRecord;
  /**
   * Resolves when every call that has arrived is done. Tokens are checked on threads of Node's, which a clock that
   * is moved by hand can't see: such a clock waits for this before it moves on.
   */
  settled(): Promise<void>;
  calls(): CallCounts;
  peakPerMinute(): number;
  behaviour(): Behaviour;
  /** Replaces the whole behaviour; a key that is absent goes back to its default. Throws a ZodError. */
  setBehaviour(input: BehaviourInput): Behaviour;
  /** No agents, no calls, no used tokens; the behaviour stays. */
  reset(): void;
}
