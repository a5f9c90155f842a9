import { userInfo } from 'node:os';
import type { Actor } from '../../functions/operate/audit.ts';
import { compact } from '../../functions/runtime/compact.ts';
import type { CommandContext } from '../command-context.ts';

/** What every command takes that changes something. */
export interface ActorOptions {
  readonly by?: string;
  /** Kept with what was done; every command but `retry` takes it as `--reason`, too. */
  readonly why?: string;
}

/**
 * The actor: of a deployed directory the identity that AWS knows, with `--by` beside it, where a role is shared; of the local
 * one the user of this machine, or whom `--by` names.
 */
export async function actorOf({ table }: CommandContext, { by, why: reason }: ActorOptions): Promise<Actor> {
  if (table === undefined) {
    return { by: by ?? `${userInfo().username} (this machine)`, via: 'machine', ...compact({ reason }) };
  }
  const { awsIdentity } = await import('./identity.ts');
  if (by === undefined) return { by: await awsIdentity(), via: 'aws', ...compact({ reason }) };
  const identity = await awsIdentity().catch(() => undefined);
  return identity === undefined
    ? { by, via: 'machine', ...compact({ reason }) }
    : { by: `${by} (${identity})`, via: 'aws', ...compact({ reason }) };
}
