import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { BARE } from '../local/bare-environment.ts';
import type { Command } from './host.ts';

/** A program that does not end by then hangs; on an idle machine each takes about half a second. */
export const PATIENCE_MS = 120_000;

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface Surroundings {
  readonly environment?: NodeJS.ProcessEnv;
  /** What comes in on standard input; nothing, if nothing is said. */
  readonly input?: string | Uint8Array;
  /** More may come in: standard input doesn't end. */
  readonly isOpen?: boolean;
}

/** Starts a program with nothing in its environment but what is given, and where compiled modules are kept. */
export function start(
  file: string,
  argv: readonly string[],
  { environment = {}, input, isOpen = false }: Surroundings = {},
): Running {
  const child = spawn(file, argv, {
    env: { ...BARE, ...environment },
    stdio: 'pipe',
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  // A program that doesn't read its input may be gone before it is all written.
  child.stdin.on('error', () => {});
  child.stdin.write(input ?? '');
  if (!isOpen) child.stdin.end();
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...text }));
  });
  return { child, ended };
}

let host: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `agent-provisioner` to its end, as an operator would from the root of the repository. Commands run in a process
 * that stays for all tests of a worker (`host.ts`), one after the other; `runAlone` gives one a process of its own.
 */
export function run(
  argv: readonly string[],
  { environment = {}, input = '' }: Surroundings = {},
): Promise<Ended> {
  const ended = last.then(() => runIn(hostOf(), { argv, environment, input }));
  last = ended.catch(() => {});
  return ended;
}

/** As `run`, in a process of its own. */
export function runAlone(argv: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  return start(process.execPath, ['cli/main.ts', ...argv], surroundings).ended;
}

function hostOf(): ChildProcess {
  if (host?.connected) return host;
  host = fork('test/cli/host.ts', {
    execArgv: [],
    env: BARE,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  // It ends when this process does, and keeps none waiting.
  host.unref();
  host.channel?.unref();
  (host.stderr as unknown as { unref(): void } | null)?.unref();
  return host;
}

async function runIn(child: ChildProcess, command: Command): Promise<Ended> {
  let said = '';
  const hear = (chunk: Buffer) => {
    said += chunk;
  };
  child.stderr?.on('data', hear);
  const over = new AbortController();
  try {
    child.channel?.ref();
    child.send(command);
    return await Promise.race([
      once(child, 'message', { signal: over.signal }).then(([ended]) => ended as Ended),
      once(child, 'exit', { signal: over.signal }).then(([code]): Ended => {
        throw new Error(`the process of commands ended with ${code}: ${said}`);
      }),
    ]);
  } finally {
    over.abort();
    child.channel?.unref();
    child.stderr?.off('data', hear);
  }
}

/** As `run` with `--json`, for a command that answers with one value. */
export async function runJson(argv: readonly string[], surroundings: Surroundings = {}) {
  const { code, stdout, stderr } = await run(['--json', ...argv], surroundings);
  return { code, stderr, answer: JSON.parse(stdout) as Record<string, unknown> };
}
