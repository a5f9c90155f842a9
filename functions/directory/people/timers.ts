import { unwrap, wrap } from '../body.ts';
import { timerKey, timerPlace, timerRange } from '../keys.ts';
import type { Table } from '../table.ts';

/** When a person is to be looked at again, because the mapping of the person changes by itself. */
export interface Timer {
  /** The person's id. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
}

export interface Timers {
  /** Keeps the time of a person, in the place of any other. */
  setTimer(tenant: string, timer: Timer): Promise<void>;
  /** Those whose time has come at `now` (epoch ms), the earliest first. On DynamoDB a moment behind the writes. */
  dueTimers(tenant: string, now: number, limit: number): Promise<Timer[]>;
  /** Removes the time of a person, if it still is this one. */
  clearTimer(tenant: string, timer: Timer): Promise<void>;
}

export function timerStore(table: Table): Timers {
  // The time itself tells one timer of a person from the next.
  const versionOf = ({ at }: Timer) => Math.max(1, Math.ceil(Date.parse(at) / 1_000));
  return {
    async setTimer(tenant, timer) {
      const item = {
        ...timerKey(tenant, timer.id),
        version: versionOf(timer),
        body: wrap({ timer }),
        due: timerPlace(tenant, timer.at, timer.id),
      };
      await table.write([{ put: item }]);
    },
    async dueTimers(tenant, now, limit) {
      const { items } = await table.queryDue({ ...timerRange(tenant, now), limit });
      return items.map((item) => unwrap<Timer>(item, 'timer'));
    },
    async clearTimer(tenant, timer) {
      await table.write([{ delete: timerKey(tenant, timer.id), if: { version: versionOf(timer) } }]);
    },
  };
}
