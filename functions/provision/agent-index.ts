import type { Directory } from '../directory/directory.ts';
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

/** Entries outlive a reconciliation that is missed now and then. */
const DAYS = 3;

const ownerOf = (tenant: string) => `${tenant}#agent`;
const emailName = (email: string) => `email ${folded(email)}`;
const idName = (agentId: string) => `id ${agentId}`;

/** The agent with this address, as the last reconciliation saw it. */
export function findByEmail(
  directory: Directory,
  tenant: string,
  email: string,
): Promise<SeenAgent | undefined> {
  return read(directory, tenant, emailName(email));
}

/** The agent with this id, as the last reconciliation saw it. */
export function findById(
  directory: Directory,
  tenant: string,
  agentId: string,
): Promise<SeenAgent | undefined> {
  return read(directory, tenant, idName(agentId));
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

async function read(directory: Directory, tenant: string, name: string): Promise<SeenAgent | undefined> {
  const body = (await directory.readDocument(ownerOf(tenant), name))?.body;
  return typeof body?.agentId === 'string' && typeof body.census === 'string'
    ? { agentId: body.agentId, census: body.census }
    : undefined;
}
