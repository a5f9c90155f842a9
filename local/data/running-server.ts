import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './data-lock.ts';

/** The server of `npm start` that works on a folder of data, for commands on the same folder. */
export interface RunningServer {
  readonly pid: number;
  /** The front door. */
  readonly url: string;
  /** Of the simulated SmartAssist, where it has one: its address and the one account that all tenants have there. */
  readonly simulator?: {
    readonly url: string;
    readonly streamId: string;
    readonly accountId?: string;
  };
  /** Where it tells what happens, and the key that opens it. */
  readonly lines?: { readonly url: string; readonly key: string };
}

const FILE = 'server.json';

/** Notes the server beside its directory, for the owner of the folder alone. @returns takes the note back */
export function noteServer(folder: string, server: Omit<RunningServer, 'pid'>): () => void {
  const file = join(folder, FILE);
  writeFileSync(file, `${JSON.stringify({ pid: process.pid, ...server })}\n`, { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** The server that works on the folder now; a note that a dead process left behind counts for nothing. */
export function runningServer(folder: string): RunningServer | undefined {
  try {
    const server: RunningServer = JSON.parse(readFileSync(join(folder, FILE), 'utf8'));
    return isAlive(server.pid) ? server : undefined;
  } catch {
    return undefined;
  }
}
