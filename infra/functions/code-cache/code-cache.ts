import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildSync } from 'esbuild';
import type { Bundle } from '../bundle.ts';
import { CACHE_FILE, type CacheFacts, CODE_FILE } from './entry.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

/** As Lambda starts Node; flags that set sizes of memory don't count. V8 refuses a cache that was made under others. */
export const RUNTIME_FLAGS = ['--expose-gc'];

/** No service is reached while the cache is made: port 9 answers nothing. */
const NOWHERE = 'http://127.0.0.1:9';
const SURROUNDINGS = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'none',
  AWS_SECRET_ACCESS_KEY: 'none',
  AWS_MAX_ATTEMPTS: '1',
  AWS_ENDPOINT_URL: NOWHERE,
  TABLE_NAME: 'table',
  SECRETS_PREFIX: 'agent-provisioner/default',
  QUEUE_URL: `${NOWHERE}/000000000000/queue.fifo`,
  METRICS_NAMESPACE: 'warm-up',
};

/**
 * A function's code with V8's code cache beside it: `index.js` is a small file that loads the function with it. The cache
 * is for the V8 and the processor of this machine.
 */
export function withCodeCache(code: Bundle): Bundle {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'provisioner-cache-')));
  try {
    const files = new Map([...code].map(([name, text]) => [name === 'index.js' ? CODE_FILE : name, text]));
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    // What modules on demand share with the first file, they have from there.
    writeFileSync(join(folder, 'index.js'), `module.exports = require('./${CODE_FILE}');`);
    const make = join(import.meta.dirname, 'make.ts');
    execFileSync(process.execPath, [...RUNTIME_FLAGS, make, folder], { env: SURROUNDINGS, stdio: 'pipe' });
    const cache = readFileSync(join(folder, CACHE_FILE));
    const facts: CacheFacts = {
      v8: process.versions.v8,
      architecture: process.arch,
      digest: createHash('sha256').update(cache).digest('hex'),
    };
    return new Map([...files, [CACHE_FILE, cache], ['index.js', entryOf(facts)]]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/**
 * What tells assets with a code cache apart: the code, and what the cache is for. The cache itself differs a little each
 * time that it is made.
 */
export function digestOf(code: Bundle): string {
  const hash = createHash('sha256');
  for (const [name, text] of code) hash.update(name).update('\0').update(text).update('\0');
  return hash.update(JSON.stringify([process.versions.v8, process.arch, RUNTIME_FLAGS])).digest('hex');
}

function entryOf(facts: CacheFacts): Uint8Array {
  const { outputFiles } = buildSync({
    absWorkingDir: ROOT,
    entryPoints: ['infra/functions/code-cache/entry.ts'],
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    minify: true,
    logLevel: 'warning',
    footer: { js: `module.exports = module.exports.load(__dirname, ${JSON.stringify(facts)});` },
    write: false,
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('esbuild has written nothing');
  return file.contents;
}
