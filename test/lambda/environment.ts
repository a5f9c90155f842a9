import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Ended, type RuntimeApi, serveRuntimeApi } from './runtime-api.ts';

/** The command that runs a bundle: our own runtime, or, as `npm run test:runtime` asks, AWS's. */
const RUNTIMES: Record<string, readonly string[]> = {
  own: [join(import.meta.dirname, 'bootstrap.ts')],
  aws: [join(import.meta.dirname, 'ric/node_modules/aws-lambda-ric/index.mjs'), 'index.handler'],
};
const LATER = pathToFileURL(join(import.meta.dirname, 'later.ts')).href;

/** Which runtime the tests run under. */
export const runtime = process.env.LAMBDA_RUNTIME ?? 'own';

export interface ExecutionEnvironment {
  /** Starts a process where there is none, and hands it the event. */
  invoke(event: unknown): Promise<Ended>;
  /** Ends the process in the middle of whatever it does. The next event gets another. */
  kill(): Promise<void>;
  /** All that its processes have printed. */
  printed(): string;
  /** How many processes there have been. */
  starts(): number;
  close(): Promise<void>;
}

export interface FunctionCode {
  /** The unpacked asset: `index.js` and what is beside it. */
  readonly folder: string;
  readonly timeoutMs: number;
  readonly variables: Readonly<Record<string, string>>;
}

/**
 * What Lambda gives a function: a process with the bundle, variables of the environment and the Runtime API, kept for
 * the next event until it is ended.
 *
 * @param aheadMs how far the clock of a process that starts now is ahead
 */
export async function openEnvironment(
  code: FunctionCode,
  aheadMs: () => number,
): Promise<ExecutionEnvironment> {
  const command = RUNTIMES[runtime];
  if (command === undefined) throw new Error(`LAMBDA_RUNTIME is one of ${Object.keys(RUNTIMES).join(', ')}`);
  const api = await serveRuntimeApi();
  let child: ChildProcess | undefined;
  let printed = '';
  let starts = 0;
  let ahead = 0;

  const start = () => {
    ahead = aheadMs();
    starts += 1;
    const started = spawn(process.execPath, ['--import', LATER, ...command], {
      cwd: code.folder,
      env: { ...variablesOf(code, api), CLOCK_AHEAD_MS: String(ahead) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [started.stdout, started.stderr]) {
      stream.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')));
    }
    started.once('exit', () => {
      if (child === started) child = undefined;
      api.crashed();
    });
    return started;
  };
  const kill = async () => {
    if (child === undefined) return;
    const gone = new Promise((resolve) => child?.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  return {
    invoke(event) {
      child ??= start();
      return api.invoke(event, Date.now() + ahead + code.timeoutMs);
    },
    kill,
    printed: () => printed,
    starts: () => starts,
    async close() {
      await kill();
      await api.close();
    },
  };
}

/** What Lambda sets, and the function's own; nothing of this machine's. */
function variablesOf({ folder, variables }: FunctionCode, api: RuntimeApi): Record<string, string> {
  return {
    AWS_LAMBDA_RUNTIME_API: api.address,
    LAMBDA_TASK_ROOT: folder,
    _HANDLER: 'index.handler',
    AWS_LAMBDA_FUNCTION_NAME: 'local',
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_GROUP_NAME: 'local',
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    ...variables,
  };
}
