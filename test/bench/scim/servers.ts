import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fire } from '../load.ts';
import { type ServerProcess, startCommand, startServer } from '../server-process.ts';
import { populate } from './directory.ts';
import { creates, type Operation } from './shots.ts';

/** A server under load. */
export interface Target extends ServerProcess {
  readonly name: string;
  readonly token: string;
  /** Ids of users that are there, and of how many `first-…` the userName can be looked up. */
  readonly ids: readonly string[];
  readonly users: number;
  readonly shots: Readonly<Record<Operation, number>>;
}

const TOKEN = 'demo-scim-token';
const MANY = { create: 4_000, read: 8_000, 'userName eq': 4_000, patch: 4_000, 'list of 100': 200 };
/** Other servers are slower: their rate is known from fewer requests. */
const FEWER = { create: 1_000, read: 2_000, 'userName eq': 1_000, patch: 500, 'list of 100': 16 };

/** The product, as `npm start` runs it; `store-only`: the rules make no agent of any user. */
export async function ours(
  folder: string,
  users: number,
  mode: 'store-only' | 'provisioning',
): Promise<Target> {
  const dataDir = join(folder, `${mode}-${users}`);
  const ids = await idsIn(dataDir, users);
  const configuration = join(folder, `${mode}.yaml`);
  const shipped = readFileSync('provisioner.yaml', 'utf8');
  const never = shipped.replace(/^ {4}provisionWhen: .*$/m, `    provisionWhen: 'userName eq "nobody"'`);
  writeFileSync(configuration, mode === 'provisioning' ? shipped : never);
  const environment = {
    PORT: '0',
    SIMULATOR_PORT: '0',
    DATA_DIR: dataDir,
    CONFIGURATION: configuration,
    SCIM_PROFILE: 'generic',
  };
  const server = await startServer('local/start.ts', [], environment, /SCIM base URL\s+(\S+)/);
  return {
    ...server,
    name: `Agent Provisioner, ${users} users, ${mode}`,
    token: TOKEN,
    ids,
    users,
    shots: MANY,
  };
}

/** A directory is made once and serves all runs. */
async function idsIn(dataDir: string, users: number): Promise<string[]> {
  const list = `${dataDir}.json`;
  if (!existsSync(list)) writeFileSync(list, JSON.stringify(await populate(dataDir, users)));
  return JSON.parse(readFileSync(list, 'utf8')) as string[];
}

/** A function that answers a constant. */
export async function constant(): Promise<Target> {
  const server = await startServer(join(import.meta.dirname, 'constant.ts'), [], {}, /(http:\S+)/);
  return { ...server, name: 'constant', token: TOKEN, ids: ['1'], users: 1_000, shots: MANY };
}

/** SCIMMY on Express, with its resources in memory and an index of user names. */
export async function scimmy(users: number): Promise<Target> {
  const folder = join(import.meta.dirname, '..', 'scimmy');
  if (!existsSync(join(folder, 'node_modules'))) {
    execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'inherit' });
  }
  return filled('SCIMMY', TOKEN, users, await startServer(join(folder, 'server.mjs'), [], {}, /(http:\S+)/));
}

/** How another server is started. */
export interface Peer {
  readonly folder: string;
  /** The command that is the server itself: what it uses is read off its process. */
  readonly command: string;
  /** Its SCIM base URL; else the first address that it prints. */
  readonly base?: string;
  readonly token: string;
}

export async function peer({ folder, command, base, token }: Peer, users: number): Promise<Target> {
  const server = await startCommand(command, folder, base ?? /(https?:\/\/[^\s'"]+)/);
  return filled('peer', token, users, server);
}

async function filled(name: string, token: string, users: number, server: ServerProcess): Promise<Target> {
  const { answers } = await fire(server.base, token, creates(users, 'first'));
  const ids = answers.map((answer) => (JSON.parse(answer) as { id: string }).id);
  return { ...server, name, token, ids, users, shots: FEWER };
}
