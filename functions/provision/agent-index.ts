import type { Directory } from '../directory/directory.ts';

/**
 * What a census leaves behind: which agent has which e-mail address and which of our keys. Adoption looks here for agents
 * that somebody made before us, and the census itself for those that are gone.
 */
export interface SeenAgent {
  readonly agentId: string;
  /** ISO 8601: when the census that saw it began. */
  readonly census: string;
}

/** Entries outlive a census that is missed now and then. */
const DAYS = 3;

const ownerOf = (tenant: string) => `${tenant}#agent`;
const emailName = (email: string) => `email ${email.toLowerCase()}`;
const customIdName = (customId: string) => `customId ${customId}`;

/** The agent with this address, as the last census saw it. */
export function findByEmail(
  directory: Directory,
  tenant: string,
  email: string,
): Promise<SeenAgent | undefined> {
  return read(directory, tenant, emailName(email));
}

/** The agent with this key of ours, as the last census saw it. */
export function findByCustomId(
  directory: Directory,
  tenant: string,
  customId: string,
): Promise<SeenAgent | undefined> {
  return read(directory, tenant, customIdName(customId));
}

/** Remembers an agent under what it can be found by. */
export async function rememberAgent(
  directory: Directory,
  tenant: string,
  agent: SeenAgent & { readonly email: string | undefined; readonly customId: string | undefined },
  now: number,
): Promise<void> {
  const { agentId, census, email, customId } = agent;
  const expiresAt = Math.floor(now / 1000) + DAYS * 86_400;
  const names = [
    ...(email === undefined || email === '' ? [] : [emailName(email)]),
    ...(customId === undefined || customId === '' ? [] : [customIdName(customId)]),
  ];
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
