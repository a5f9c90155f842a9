import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The key of the door secret on one machine, by which cursors are signed and refresh tokens are sealed: made once and kept
 * beside the directory, because what is sealed has to be readable after another start.
 */
export function keptKey(folder: string): string {
  const file = join(folder, 'key');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    writeFileSync(file, `${newKey()}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}

/** A key for what is kept in memory alone. */
export function newKey(): string {
  return randomBytes(32).toString('hex');
}
