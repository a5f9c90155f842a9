import { userInfo } from 'node:os';
import type { Actor } from '../../functions/operate/audit.ts';
import { compact } from '../../functions/runtime/compact.ts';
import { oneLine } from '../../functions/runtime/printable.ts';
import type { CommandContext } from '../command-context.ts';

/** What every command takes that changes something. */
export interface ActorOptions {
  readonly by?: string;
  /** Kept with what was done; every command but `retry` takes it as `--reason`, too. */
  readonly why?: string;
}

/**
 * The actor: of a deployed directory the identity that AWS knows, of the local one the user of this machine. `--by` stands
 * beside it, where an identity is shared, and never in its place.
 */
export async function actorOf({ table }: CommandContext, { by, why }: ActorOptions): Promise<Actor> {
  const reason = lineOf(why);
  const named = lineOf(by);
  const identity = table === undefined ? undefined : await identityOf(named);
  const via = identity === undefined ? 'machine' : 'aws';
  const known = identity ?? userInfo().username;
  return { by: actorText(known, via, named), via, ...compact({ reason }) };
}

/** Without a name of the operator's own, what AWS does not say is an error. */
async function identityOf(named: string | undefined): Promise<string | undefined> {
  const { awsIdentity } = await import('./identity.ts');
  return named === undefined ? awsIdentity() : awsIdentity().catch(() => undefined);
}

function actorText(known: string, via: 'machine' | 'aws', named: string | undefined): string {
  if (via === 'aws') return named === undefined ? known : `${named} (${known})`;
  return named === undefined ? `${known} (this machine)` : `${named} (${known}, this machine)`;
}

function lineOf(text: string | undefined): string | undefined {
  return oneLine(text ?? '') || undefined;
}
