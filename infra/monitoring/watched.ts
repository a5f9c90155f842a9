import type { Measure } from './measure.ts';

/** What alarms and dashboard look at. */
export interface Watched {
  readonly measure: Measure;
  readonly functionNames: readonly string[];
  /** The queue of messages to the drain. */
  readonly doorbell: string;
  readonly deadLetterQueues: readonly string[];
  readonly apiId: string;
  /** Whether the front door is asked by its public name every minute. */
  readonly isChecked: boolean;
  readonly tableName: string;
}
