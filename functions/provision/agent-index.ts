import type { Directory } from '../directory/directory.ts';
import { type DocumentForm, objectOf, readForm } from '../directory/documents.ts';
import { folded } from '../scim-core/fold.ts';

/**
 * What a reconciliation leaves behind: which agent has which e-mail address, and which agents there are. Adoption looks
 * here for agents that were there before the product, and reconciliation itself for those that are gone.
 */
export interface SeenAgent {
  readonly agentId: string;
  /** ISO 8601: when the reconciliation that saw it began. */
  readonly census: string;
}

/** Pages of a long list are read in the course of a week, and a reconciliation is missed now and then. */
const DAYS = 10;

export const ownerOf = (tenant: string) => `${tenant}#agent`;
const emailName = (email: string) => `email ${folded(email)}`;
const idName = (agentId: string) => `id ${agentId}`;

const formOf = (name: string): DocumentForm<SeenAgent | undefined> => ({
  name,
  parse: (stored) => {
    const { agentId, census } = objectOf(stored);
    return typeof agentId === 'string' && typeof census === 'string' ? { agentId, census } : undefined;
  },
});

/** The agent with this address, as the last reconciliation saw it. */
export function findByEmail(
  directory: Directory,
  tenant: string,
  email: string,
): Promise<SeenAgent | undefined> {
  return readForm(directory, ownerOf(tenant), formOf(emailName(email)));
}

/** The agent with this id, as the last reconciliation saw it. */
export function findById(
  directory: Directory,
  tenant: string,
  agentId: string,
): Promise<SeenAgent | undefined> {
  return readForm(directory, ownerOf(tenant), formOf(idName(agentId)));
}

/** Remembers an agent under what it can be found by. */
export async function rememberAgent(
  directory: Directory,
  tenant: string,
  agent: SeenAgent & { readonly email: string | undefined },
  now: number,
): Promise<void> {
  const { agentId, census, email = '' } = agent;
  const expiresAt = Math.floor(now / 1000) + DAYS * 86_400;
  const names = [idName(agentId), ...(email === '' ? [] : [emailName(email)])];
  await Promise.all(
    names.map((name) =>
      directory.writeDocument(ownerOf(tenant), name, { agentId, census }, undefined, expiresAt),
    ),
  );
}
