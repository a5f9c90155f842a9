import type { Operation } from './shots.ts';

/** What one run found. Processor time in milliseconds a request. */
export interface Run {
  readonly small: Costs;
  readonly constant: Costs;
  readonly scimmy: Costs;
  readonly large: Costs;
  readonly peer?: Costs;
  /** Of a create while no call is free. */
  readonly waiting: number;
  /** Resident memory in MB with the many users. */
  readonly memory: number;
  /** Milliseconds to add a member to a group of ten, and to one of as many as there are users. */
  readonly members: readonly [number, number];
  /** The part of a core that the generator used at most. */
  readonly generator: number;
}
export type Costs = Readonly<Record<Operation, number>>;
