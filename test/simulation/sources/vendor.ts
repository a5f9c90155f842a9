import type { Joiner } from '../../../local/providers/company.ts';
import type { StandIn } from '../../../local/providers/stand-in.ts';

/** One event on its way to the product. */
export interface Delivery {
  readonly account: string;
  /** For the trace. */
  readonly what: string;
  /** Epoch milliseconds. */
  readonly happenedAt: number;
  /** The event says all that there is to know at its time; else it has to be asked for, and the answer is newer. */
  readonly isWhole: boolean;
  /** The request as it leaves, which may be signed for the time at which it does. */
  request(now: number): { readonly headers: Readonly<Record<string, string>>; readonly body: string };
}

/** A provider with people: what happens to them there, what it sends about it, and its API. */
export interface Vendor {
  /** Name of the source. */
  readonly name: string;
  readonly host: string;
  readonly api: StandIn;
  /** Secrets of the source, by their names in the tenant's secret. */
  readonly secrets: Readonly<Record<string, readonly string[]>>;
  /** @returns the id of the account */
  join(joiner: Joiner): string;
  move(id: string, department: string): void;
  leave(id: string): void;
  return(id: string): void;
  delete(id: string): void;
  /** Whether a reading of everybody shows the account as it is now; without it, it does unless it is gone. */
  lists?(id: string): boolean;
  /** Has all that happened be there to be read; without it, it always is. */
  settle?(): Promise<void>;
  /** What is to be sent since the last call. */
  events(): readonly Delivery[];
}
