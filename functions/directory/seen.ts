import type { Clock } from '../runtime/clock.ts';
import { wrap } from './body.ts';
import { seenKey } from './keys.ts';
import type { Table } from './table.ts';

export interface Seen {
  /**
   * Remembers an event for `ttlSeconds`; true when it is new. Of parallel calls exactly one hears true.
   * @param scope where ids are unique: a tenant and its source
   */
  markSeen(scope: string, id: string, ttlSeconds: number): Promise<boolean>;
  /** Whether an event is remembered: for those who remember it only when its work is stored. */
  wasSeen(scope: string, id: string): Promise<boolean>;
}

export function seenStore(table: Table, clock: Clock): Seen {
  return {
    async markSeen(scope, id, ttlSeconds) {
      const expiresAt = Math.ceil(clock.now() / 1000 + ttlSeconds);
      const put = { ...seenKey(scope, id), version: 1, body: wrap({}), expiresAt };
      return (await table.write([{ put, if: 'absent' }])).ok;
    },

    async wasSeen(scope, id) {
      return (await table.get(seenKey(scope, id))) !== undefined;
    },
  };
}
