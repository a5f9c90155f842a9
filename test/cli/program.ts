import { type ChildProcess, spawn } from 'node:child_process';

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
  const { PATH, NODE_COMPILE_CACHE } = process.env;
  const child = spawn(file, argv, {
    env: { PATH, NODE_COMPILE_CACHE, ...environment },
    stdio: 'pipe',
  });
  const text = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
    });
  }
  // Whoever doesn't read its input may be gone before it is all written.
  child.stdin.on('error', () => {});
  child.stdin.write(input ?? '');
  if (!isOpen) child.stdin.end();
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...text }));
  });
  return { child, ended };
}

/** Runs `agent-provisioner` to its end, as an operator would from the root of the repository. */
export function run(argv: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  return start(process.execPath, ['cli/main.ts', ...argv], surroundings).ended;
}

/** As `run` with `--json`, for a command that answers with one value. */
export async function runJson(argv: readonly string[], surroundings: Surroundings = {}) {
  const { code, stdout, stderr } = await run(['--json', ...argv], surroundings);
  return { code, stderr, answer: JSON.parse(stdout) as Record<string, unknown> };
}
