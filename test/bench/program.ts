import { spawn } from 'node:child_process';

/** What a run of the command line took. */
export interface ProgramRun {
  readonly code: number | null;
  /** By the clock. */
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** The most resident memory. */
  readonly megabytes: number;
  /** The last line of standard output. */
  readonly last: string;
}

/** Has the program say at its end what it took. */
const METER = `data:text/javascript,${encodeURIComponent(
  "process.on('exit', () => { const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();" +
    'process.stderr.write(JSON.stringify({ maxRSS, cpu: userCPUTime + systemCPUTime })); })',
)}`;

/** @throws Error where the program does not come to its end; the end of what it said */
export function runProgram(argv: readonly string[]): Promise<ProgramRun> {
  const started = process.hrtime.bigint();
  const child = spawn(process.execPath, ['--import', METER, 'cli/main.ts', ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output = (output + chunk).slice(-2000);
  });
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-2000);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      const meter = /\{"maxRSS":(\d+),"cpu":(\d+)\}$/.exec(said);
      if (meter === null) return reject(new Error(`${output}${said}`));
      const last = output.trimEnd().split('\n').at(-1) ?? '';
      resolve({
        code,
        seconds,
        cpuSeconds: Number(meter[2]) / 1e6,
        megabytes: Number(meter[1]) / 1024,
        last,
      });
    });
  });
}
