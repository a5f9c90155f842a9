import { historyPk } from '../../functions/directory/keys.ts';
import type { Item, Table } from '../../functions/directory/table.ts';
import { AGENT_CHANGES } from '../../functions/provision/history.ts';
import { type Transport, TransportError } from '../../functions/runtime/transport.ts';
import type { Secrets } from '../../functions/tenant/secrets/secrets.ts';
import { TENANT } from './scim-call.ts';
import type { Providers } from './sources/providers.ts';

/** A mistake that is made on purpose, around the product and not in it, to see whether the simulation notices. */
export interface Sabotage {
  readonly table?: (table: Table) => Table;
  readonly transport?: (transport: Transport) => Transport;
  readonly secrets?: (open: () => Secrets) => Secrets;
  readonly providers?: (providers: Providers) => Providers;
}

/** No function keeps a secret for longer than one request needs it. */
export const withoutLastValue: Sabotage = {
  secrets: (open) => ({
    get: (kind, owner) => open().get(kind, owner),
    refresh: (kind, owner) => open().refresh(kind, owner),
  }),
};

/** No function hears how long SmartAssist wants no calls. */
export const withoutRetryAfter: Sabotage = {
  transport: (transport) => async (request) => {
    const { headers, ...answer } = await transport(request);
    const { 'retry-after': _, ...heard } = headers;
    return { ...answer, headers: heard };
  },
};

/** A refusal is taken for a limit of SmartAssist's, which is the account's. */
export const withRefusalsAsThrottling: Sabotage = {
  transport: (transport) => async (request) => {
    const answer = await transport(request);
    return answer.status === 401 ? { status: 429, headers: { 'retry-after': '300' }, body: '{}' } : answer;
  },
};

/** Every tenant's door has the secret of the first. */
export const withTenantsAsOne: Sabotage = {
  secrets: (open) => {
    const secrets = open();
    return {
      get: (kind, { tenant }) => secrets.get(kind, { tenant, name: TENANT }),
      refresh: (kind, { tenant }) => secrets.refresh(kind, { tenant, name: TENANT }),
    };
  },
};

/** A lost connection is told with what was sent. */
export const withTokensInErrors: Sabotage = {
  transport: (transport) => async (request) => {
    try {
      return await transport(request);
    } catch (error) {
      if (!(error instanceof TransportError)) throw error;
      throw new TransportError(error.code, error.sent, `${error.message}: ${request.headers.auth}`);
    }
  },
};

/** A directory that gives no answer fails as if the code did. */
export const withFaultsForOutages: Sabotage = {
  table: (table) => ({
    ...table,
    get: (key) =>
      table.get(key).catch(() => {
        throw new TypeError('nothing was read');
      }),
  }),
};

/** The look-up of an agent by our own key after an unknown outcome finds none, as if there were no look-up. */
export const withoutLookUp: Sabotage = {
  transport: (transport) => async (request) =>
    request.url.includes('/agents/customId/')
      ? { status: 200, headers: { 'content-type': 'application/json' }, body: '[]' }
      : transport(request),
};

/** No function sees that another one has the lease of a record. */
export const withoutLease: Sabotage = { table: (table) => seenThrough(table, blindTo('lease')) };

/** No function sees which generation of the configuration has mapped a record. */
export const withoutGeneration: Sabotage = { table: (table) => seenThrough(table, blindTo('generation')) };

/** The names under which people are found outlive them. */
export const withoutForgetting: Sabotage = {
  table: (table) => ({
    ...table,
    write: (writes) =>
      table.write(writes.filter((write) => !('delete' in write && write.delete.pk === `${TENANT}#name`))),
  }),
};

/** The brake forgets whom it has counted, so that each try counts. */
export const withoutCounted: Sabotage = {
  table: (table) => ({
    ...table,
    get: async (key) => (key.pk.startsWith(`${TENANT}#brake#`) ? undefined : table.get(key)),
  }),
};

/** Changes of agents aren't audited. */
export const withoutAudit: Sabotage = {
  table: (table) => auditedThrough(table, () => []),
};

/** Changes of agents are audited twice. */
export const withAuditTwice: Sabotage = {
  table: (table) => auditedThrough(table, (item) => [item, { ...item, sk: `${item.sk}#again` }]),
};

function auditedThrough(table: Table, stored: (item: Item) => readonly Item[]): Table {
  const pk = historyPk(TENANT, AGENT_CHANGES);
  return {
    ...table,
    write: (writes) =>
      table.write(
        writes.flatMap((write) =>
          'put' in write && write.put.pk === pk
            ? stored(write.put).map((put) => ({ ...write, put }))
            : [write],
        ),
      ),
  };
}

/** No function sees how many agents are in service. */
export const withoutCounts: Sabotage = {
  table: (table) => ({
    ...table,
    getCounts: async (keys) => (await table.getCounts(keys)).map(() => 0),
  }),
};

/** A table whose items are read as something else than they are. */
function seenThrough(table: Table, see: (item: Item) => Item): Table {
  const seen = (item: Item | undefined) => item && see(item);
  return {
    ...table,
    get: async (key) => seen(await table.get(key)),
    getMany: async (keys) => (await table.getMany(keys)).map(seen),
    query: async (query) => {
      const page = await table.query(query);
      return { ...page, items: page.items.map(see) };
    },
    queryDue: async (query) => {
      const page = await table.queryDue(query);
      return { ...page, items: page.items.map(see) };
    },
    write: async (writes) => {
      const result = await table.write(writes);
      if (result.ok || result.found === undefined) return result;
      return { ...result, found: see(result.found) };
    },
  };
}

export const blindTo = (property: string) => (item: Item) => {
  const { record } = item.body;
  if (typeof record !== 'object' || record === null || !(property in record)) return item;
  const { [property]: _, ...rest } = record as Readonly<Record<string, unknown>>;
  return { ...item, body: { ...item.body, record: rest } };
};

/** The answer to an update doesn't say which address the agent has. */
export const withoutAddress: Sabotage = {
  transport: (transport) => async (request) => {
    const answer = await transport(request);
    if (request.method !== 'PUT' || answer.status !== 200) return answer;
    return { ...answer, body: answer.body.replaceAll(/"emailId":"[^"]*",?/g, '') };
  },
};
