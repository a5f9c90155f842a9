import type { Directory } from '../directory/directory.ts';

/**
 * The id of the tenant's organization in SmartAssist, which the list of all agents asks for. No endpoint is there for
 * it, but each agent group, queue and agent names it, so it is learned from the first one seen.
 */
export interface Organization {
  id(): Promise<string | undefined>;
  learn(id: string): Promise<void>;
}

const DOCUMENT = 'organization';

export function openOrganization(directory: Directory, tenant: string): Organization {
  let known: string | undefined;
  return {
    id: async () => {
      const stored = known ?? (await directory.readDocument(tenant, DOCUMENT))?.body.id;
      known = typeof stored === 'string' ? stored : undefined;
      return known;
    },
    learn: async (id) => {
      if (known === id) return;
      known = id;
      await directory.writeDocument(tenant, DOCUMENT, { id });
    },
  };
}
