import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** A server in a process of its own, so that load and server have a core each. */
export interface ServerProcess {
  readonly base: string;
  /** Resident memory in MB. */
  memory(): number;
  /** Milliseconds of processor time that it has used, its own and the system's for it. */
  cpuMs(): number;
  stop(): Promise<void>;
}

/** No server outlives the benchmark, however that ends. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));

/** Starts a file under Node. @param base what its first lines match: its base URL */
export function startServer(
  file: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  base: RegExp,
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [file, ...args], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return started(child, file, base);
}

/** Starts a command, which is the server itself and no script that starts one. @param base its base URL, or as above */
export function startCommand(command: string, folder: string, base: string | RegExp): Promise<ServerProcess> {
  const child = spawn('sh', ['-c', `exec ${command}`], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
  return started(child, command, base);
}

async function started(child: ChildProcess, name: string, base: string | RegExp): Promise<ServerProcess> {
  running.add(child);
  const ended = new Promise<never>((_, reject) => {
    child.once('exit', (code) => reject(new Error(`${name} ended with ${code} before it served`)));
  });
  const url = await Promise.race([
    ended,
    typeof base === 'string' ? answering(child, base) : printed(child, base),
  ]);
  return {
    base: url,
    memory: () =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    cpuMs: () => cpuMsOf(child),
    stop: () =>
      new Promise((resolve) => {
        running.delete(child);
        child.once('exit', () => resolve());
        child.kill('SIGKILL');
      }),
  };
}

function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text = `${text}${chunk.toString('utf8')}`.slice(0, 10_000);
      const match = pattern.exec(text);
      if (match?.[1] !== undefined) resolve(match[1]);
    });
  });
}

/** Waits until anything is answered there. */
async function answering(child: ChildProcess, base: string): Promise<string> {
  child.stdout?.resume();
  while (
    !(await fetch(base).then(
      () => true,
      () => false,
    ))
  )
    await new Promise((resolve) => setTimeout(resolve, 100));
  return base;
}

/** A hundredth of a second is the unit in which Linux tells it (proc_pid_stat(5), utime and stime). */
const TICK_MS = 10;

function cpuMsOf({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // What stands in brackets is a name, which may have blanks.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return TICK_MS * (Number(fields[11]) + Number(fields[12]));
}
