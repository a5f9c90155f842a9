import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

/** A file in the folder that keeps a directory, which is made where it isn't there. */
export function fileIn(dataDir: string, name: string): string {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  return join(dataDir, name);
}
