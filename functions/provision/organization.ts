import type { Directory } from '../directory/directory.ts';
import { type DocumentForm, objectOf, readForm } from '../directory/documents.ts';

/**
 * The id of the tenant's organization in SmartAssist, which the list of all agents asks for. No endpoint is there for
 * it, but each agent group, queue and agent names it, so it is learned from the first one seen.
 */
export interface Organization {
  id(): Promise<string | undefined>;
  learn(id: string): Promise<void>;
}

const FORM: DocumentForm<{ readonly id: string } | undefined> = {
  name: 'organization',
  parse: (stored) => {
    const { id } = objectOf(stored);
    return typeof id === 'string' ? { id } : undefined;
  },
};

export function openOrganization(directory: Directory, tenant: string): Organization {
  let known: string | undefined;
  return {
    id: async () => {
      known ??= (await readForm(directory, tenant, FORM))?.id;
      return known;
    },
    learn: async (id) => {
      if (known === id) return;
      known = id;
      await directory.writeDocument(tenant, FORM.name, { id });
    },
  };
}
