import type { Item, Table } from '../../functions/directory/table.ts';
import type { Transport } from '../../functions/runtime/transport.ts';

/** A mistake that is made on purpose, around the product and not in it, to see whether the simulation notices. */
export interface Sabotage {
  readonly table?: (table: Table) => Table;
  readonly transport?: (transport: Transport) => Transport;
}

/** The look-up of an agent by our own key after an unknown outcome finds none, as if there were no look-up. */
export const withoutLookUp: Sabotage = {
  transport: (transport) => async (request) =>
    request.url.includes('/agents/customId/')
      ? { status: 200, headers: { 'content-type': 'application/json' }, body: '[]' }
      : transport(request),
};

/** No function sees that another one has the lease of a record. */
export const withoutLease: Sabotage = {
  table: (table) => ({
    ...table,
    get: async (key) => withoutLeaseIn(await table.get(key)),
    getMany: async (keys) => (await table.getMany(keys)).map(withoutLeaseIn),
    query: async (query) => {
      const page = await table.query(query);
      return { ...page, items: page.items.map((item) => withoutLeaseIn(item) ?? item) };
    },
    queryDue: async (query) => {
      const page = await table.queryDue(query);
      return { ...page, items: page.items.map((item) => withoutLeaseIn(item) ?? item) };
    },
    write: async (writes) => {
      const result = await table.write(writes);
      if (result.ok || result.found === undefined) return result;
      return { ...result, found: withoutLeaseIn(result.found) ?? result.found };
    },
  }),
};

function withoutLeaseIn(item: Item | undefined): Item | undefined {
  const { record } = item?.body ?? {};
  if (item === undefined || typeof record !== 'object' || record === null || !('lease' in record))
    return item;
  const { lease: _, ...rest } = record;
  return { ...item, body: { ...item.body, record: rest } };
}
