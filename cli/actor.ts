import { userInfo } from 'node:os';
import type { Actor } from '../functions/operate/audit.ts';
import { compact } from '../functions/runtime/compact.ts';

/** Options of every command that changes something: who does it, and why. */
export interface ActorOptions {
  readonly reason?: string;
  readonly by?: string;
}

/** Who acts: as named, or the user of this machine. */
export function actorOf({ by, reason }: ActorOptions): Actor {
  return { by: by ?? `${userInfo().username} (this machine)`, ...compact({ reason }) };
}
