import { type Clock, respelled } from '../runtime/clock.ts';
import { compact } from '../runtime/compact.ts';
import { unwrap, wrap } from './body.ts';
import { DirectoryBusyError } from './errors.ts';
import { historyPk } from './keys.ts';
import type { Table } from './table.ts';

/** Something that happened to a person. */
export interface HistoryEntry {
  /** ISO 8601. */
  readonly at: string;
  readonly [field: string]: unknown;
}

export interface HistoryPage {
  readonly entries: HistoryEntry[];
  /** Pass as `after` for the next page; absent when there is none. */
  readonly next?: string;
}

export interface History {
  /** Adds to the history of a person; the entry vanishes after `ttlDays`. Entries of one instant keep their order. */
  appendHistory(tenant: string, personId: string, entry: HistoryEntry, ttlDays: number): Promise<void>;
  /** A page of a person's history, the newest first. */
  listHistory(
    tenant: string,
    personId: string,
    page: { limit: number; after?: string },
  ): Promise<HistoryPage>;
  /** Erases the history of a person; the answer is how many entries. */
  eraseHistory(tenant: string, personId: string): Promise<number>;
}

const DAY_SECONDS = 24 * 60 * 60;
const MOST_PER_INSTANT = 1_000;
const ERASED_AT_ONCE = 100;

export function historyStore(table: Table, clock: Clock): History {
  return {
    async appendHistory(tenant, personId, entry, ttlDays) {
      const pk = historyPk(tenant, personId);
      const at = respelled(entry.at);
      const expiresAt = Math.floor(clock.now() / 1000) + Math.ceil(ttlDays * DAY_SECONDS);
      for (let place = 0; place < MOST_PER_INSTANT; place++) {
        const sk = `${at}#${String(place).padStart(3, '0')}`;
        const put = { pk, sk, version: 1, body: wrap({ entry }), expiresAt };
        if ((await table.write([{ put, if: 'absent' }])).ok) return;
      }
      throw new DirectoryBusyError(`More than ${MOST_PER_INSTANT} entries in ${pk} at ${at}`);
    },

    async listHistory(tenant, personId, page) {
      const { items, next } = await table.query({ pk: historyPk(tenant, personId), reverse: true, ...page });
      return {
        entries: items.map((item) => unwrap<HistoryEntry>(item, 'entry')),
        ...compact({ next }),
      };
    },

    async eraseHistory(tenant, personId) {
      const pk = historyPk(tenant, personId);
      let erased = 0;
      for (;;) {
        const { items } = await table.query({ pk, limit: ERASED_AT_ONCE });
        if (items.length === 0) return erased;
        await table.write(items.map(({ sk }) => ({ delete: { pk, sk } })));
        erased += items.length;
      }
    },
  };
}
