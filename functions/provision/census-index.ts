import type { Directory } from '../directory/directory.ts';

/** What a census leaves behind for adoption: which agent has which e-mail address. */

const DAYS = 3;

const ownerOf = (tenant: string) => `${tenant}#agent`;

/** The id of the agent with this address, as the last census saw it. */
export async function findAgentByEmail(
  directory: Directory,
  tenant: string,
  email: string,
): Promise<string | undefined> {
  const document = await directory.readDocument(ownerOf(tenant), email.toLowerCase());
  const agentId = document?.body.agentId;
  return typeof agentId === 'string' ? agentId : undefined;
}

/** Remembers an agent that a census saw, until a few censuses later. */
export async function rememberAgent(
  directory: Directory,
  tenant: string,
  email: string,
  agentId: string,
  now: number,
): Promise<void> {
  const expiresAt = Math.floor(now / 1000) + DAYS * 86_400;
  await directory.writeDocument(ownerOf(tenant), email.toLowerCase(), { agentId }, undefined, expiresAt);
}
