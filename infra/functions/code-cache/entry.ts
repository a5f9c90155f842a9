import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { noteCacheRejection } from '../../../functions/lambda/code-cache.ts';
import { compile, run } from './script.ts';

/** Of the cache beside a function, as it was made. */
export interface CacheFacts {
  /** Of V8, which takes no cache of another version. */
  readonly v8: string;
  /** Of the processor, as `process.arch` has it. */
  readonly architecture: string;
  /** SHA-256, in hexadecimal. */
  readonly digest: string;
}

export const CODE_FILE = 'start.js';
export const CACHE_FILE = 'start.cache';

/**
 * Loads a function with V8's code cache beside it, and without where that isn't the very one that was made, for this V8
 * and processor: then `cacheRejection` tells why.
 *
 * @returns what the function's own file exports
 */
export function load(folder: string, facts: CacheFacts): Readonly<Record<string, unknown>> {
  const file = join(folder, CODE_FILE);
  const script = compile(file, usable(join(folder, CACHE_FILE), facts));
  if (script.cachedDataRejected === true) noteCacheRejection('flags');
  return run(script, file);
}

function usable(file: string, { v8, architecture, digest }: CacheFacts): Buffer | undefined {
  if (process.versions.v8 !== v8 || process.arch !== architecture) {
    noteCacheRejection('version');
    return undefined;
  }
  let cache: Buffer;
  try {
    cache = readFileSync(file);
  } catch {
    noteCacheRejection('missing');
    return undefined;
  }
  if (createHash('sha256').update(cache).digest('hex') === digest) return cache;
  noteCacheRejection('digest');
  return undefined;
}
