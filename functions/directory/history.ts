import { bodyOf, readBody } from './item.ts';
import { historyPartition } from './keys.ts';
import type { Table } from './table.ts';

/** Who did what to a person, when and why. No secret, no raw agent record. */
export interface HistoryEntry {
  /** ISO 8601. */
  readonly at: string;
  /** What happened: a word such as `stored`, `created`, `refused`, `suspended`. */
  readonly what: string;
  readonly [detail: string]: unknown;
}

export interface History {
  appendHistory(
    tenant: string,
    personId: string,
    entry: HistoryEntry,
    unique: string,
    ttlDays: number,
  ): Promise<void>;
  /** Newest first. */
  listHistory(
    tenant: string,
    personId: string,
    page: { after?: string; limit: number },
  ): Promise<{ entries: HistoryEntry[]; next?: string }>;
}

const DAY_SECONDS = 86_400;

export function openHistory(table: Table): History {
  return {
    appendHistory: async (tenant, personId, entry, unique, ttlDays) => {
      await table.write([
        {
          put: {
            pk: historyPartition(tenant, personId),
            sk: `${entry.at}#${unique}`,
            version: 1,
            body: bodyOf(entry),
            expiresAt: Math.ceil(Date.parse(entry.at) / 1000) + ttlDays * DAY_SECONDS,
          },
        },
      ]);
    },
    listHistory: async (tenant, personId, { after, limit }) => {
      const page = await table.query({
        pk: historyPartition(tenant, personId),
        limit,
        reverse: true,
        ...(after === undefined ? {} : { after }),
      });
      return {
        entries: page.items.map((item) => readBody<HistoryEntry>(item)),
        ...(page.next === undefined ? {} : { next: page.next }),
      };
    },
  };
}
