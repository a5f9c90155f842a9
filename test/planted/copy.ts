import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Bug, planted } from './bug.ts';

/** Letters of a failure that are shown. */
const SHOWN = 2_000;
/** What never ends is noticed. */
const LONGEST_MS = 240_000;
const ROOT = join(import.meta.dirname, '../..');
/** What tests don't need, or must not share with the copy. */
const LEFT_OUT = new Set(['node_modules', '.git', '.data', 'cdk.out', 'reports', '.stryker-tmp']);

/** A copy of the repository in which a bug can be planted. */
export async function openCopy() {
  const folder = mkdtempSync(join(tmpdir(), 'planted-'));
  cpSync(ROOT, folder, { recursive: true, filter: (path) => path === ROOT || !LEFT_OUT.has(basename(path)) });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  const bin = join(folder, 'node_modules/.bin');
  const run = (command: string, args: readonly string[]) =>
    new Promise<{ code: number; output: string }>((done) => {
      const child = spawn(command, args, {
        cwd: folder,
        env: { ...process.env, PATH: `${bin}:${process.env.PATH}` },
      });
      let output = '';
      const hear = (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-200_000);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
      child.on('close', (code) => {
        clearTimeout(timer);
        done({ code: code ?? 1, output });
      });
    });

  return {
    /** Plants a bug, does something, and takes it out again. */
    with: async <T>(bug: Bug, work: () => Promise<T>): Promise<T> => {
      const path = join(folder, bug.file);
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, planted(bug, text));
      try {
        return await work();
      } finally {
        writeFileSync(path, text);
      }
    },
    /** What the first test of these files says that fails; undefined when all pass. */
    failureOf: async (tests: readonly string[]): Promise<string | undefined> => {
      const args = ['run', '--bail=1', '--maxWorkers=1', '--reporter=dot', ...tests];
      const { code, output } = await run('vitest', args);
      return code === 0 ? undefined : output.slice(-SHOWN);
    },
    /** The first seed from 1 of which the simulated world says that something went wrong. */
    failingSeed: async (seeds: number): Promise<number | undefined> => {
      const { code, output } = await run('node', ['test/simulation/main.ts', '--seeds', String(seeds)]);
      if (code === 0) return undefined;
      const seed = /--seed (\d+)/.exec(output)?.[1];
      // A world that can't be played at all was not played to an end either: the bug doesn't hide.
      return seed === undefined ? 0 : Number(seed);
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}
