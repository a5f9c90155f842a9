import { compact } from '../runtime/compact.ts';
import { unwrap, wrap } from './body.ts';
import { DirectoryBusyError, MAX_RACES } from './errors.ts';
import { pendingEventKey, pendingEventPlace, pendingEventRange } from './keys.ts';
import type { Item, Table } from './table.ts';

/** A piece of work that waits: for its time, or (without `dueAt`) for an operator. */
export interface PendingEvent {
  readonly tenant: string;
  /** What the work is about: there is one for it at most. */
  readonly id: string;
  /** Counts the writes of the event. */
  readonly version: number;
  /** ISO 8601. */
  readonly dueAt?: string;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface PendingEventPage {
  readonly events: PendingEvent[];
  /** Pass as `after` for the next page; absent when there is none. */
  readonly next?: string;
}

export interface PendingEvents {
  /** Stores an event over the one that there is for the same thing; `merge` makes one of both. */
  putPendingEvent(
    pending: Omit<PendingEvent, 'version'>,
    merge?: (before: PendingEvent) => Pick<PendingEvent, 'dueAt' | 'body'>,
  ): Promise<void>;
  readPendingEvent(tenant: string, id: string): Promise<PendingEvent | undefined>;
  /** Events due at `now` (epoch ms), the longest due first. On DynamoDB a moment behind the writes. */
  duePendingEvents(tenant: string, now: number, limit: number): Promise<PendingEvent[]>;
  /** A page of the pending events that wait for an operator. */
  unscheduledPendingEvents(
    tenant: string,
    page: { after?: string; limit: number },
  ): Promise<PendingEventPage>;
  /** Puts an event off, if it still is exactly this one; false when it is another by now. */
  postponePendingEvent(pending: PendingEvent, change: Pick<PendingEvent, 'dueAt' | 'body'>): Promise<boolean>;
  /** Removes an event, if it still is exactly this one; false when it is another by now. */
  erasePendingEvent(pending: PendingEvent): Promise<boolean>;
}

export function pendingEventStore(table: Table): PendingEvents {
  const itemOf = ({ tenant, id, version, dueAt, body }: PendingEvent): Item => ({
    ...pendingEventKey(tenant, id),
    version,
    due: pendingEventPlace(tenant, dueAt, id),
    body: wrap({ task: { tenant, id, ...compact({ dueAt }), body } }),
  });
  const pendingEventOf = (item: Item): PendingEvent => ({
    ...unwrap<Omit<PendingEvent, 'version'>>(item, 'task'),
    version: item.version,
  });

  return {
    async putPendingEvent(pending, merge = () => pending) {
      let found = await table.get(pendingEventKey(pending.tenant, pending.id));
      for (let race = 0; race < MAX_RACES; race++) {
        const merged = found === undefined ? pending : { ...merge(pendingEventOf(found)) };
        const version = (found?.version ?? 0) + 1;
        const { tenant, id } = pending;
        const result = await table.write([
          {
            put: itemOf({ ...merged, tenant, id, version }),
            if: found === undefined ? 'absent' : { version: found.version },
          },
        ]);
        if (result.ok) return;
        found = result.found;
      }
      throw new DirectoryBusyError(`The pending event ${pending.tenant}/${pending.id} changes all the time`);
    },

    async readPendingEvent(tenant, id) {
      const item = await table.get(pendingEventKey(tenant, id));
      return item && pendingEventOf(item);
    },

    async duePendingEvents(tenant, now, limit) {
      const { items } = await table.queryDue({ ...pendingEventRange(tenant, now), limit });
      return items.map(pendingEventOf);
    },

    async unscheduledPendingEvents(tenant, { after, limit }) {
      const { pk } = pendingEventPlace(tenant, undefined, '-');
      const { items, next } = await table.queryDue({ pk, limit, ...compact({ after }) });
      return { events: items.map(pendingEventOf), ...compact({ next }) };
    },

    async postponePendingEvent(pending, { dueAt, body }) {
      const { tenant, id, version } = pending;
      const put = itemOf({ tenant, id, version: version + 1, body, ...compact({ dueAt }) });
      return (await table.write([{ put, if: { version } }])).ok;
    },

    async erasePendingEvent({ tenant, id, version }) {
      return (await table.write([{ delete: pendingEventKey(tenant, id), if: { version } }])).ok;
    },
  };
}
