import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Two programs with one folder would each provision what is due, on a call budget that each thinks its own. */
export class DataInUseError extends Error {
  override readonly name = 'DataInUseError';
}

/**
 * Takes a folder of data for this process, until it is given back. A file that a dead process left behind counts for
 * nothing.
 *
 * @returns gives it back
 * @throws DataInUseError, which says who has the folder
 */
export function lockData(folder: string): () => void {
  const file = join(folder, 'lock');
  // Its owner's alone: what is kept there is about people.
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (let attempt = 0; attempt < 2; attempt += 1) {
    try {
      writeFileSync(file, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const holder = Number.parseInt(readFileSync(file, 'utf8'), 10);
    if (holder !== process.pid && isAlive(holder)) {
      throw new DataInUseError(
        `${folder} is in use by process ${holder}: end it, or name another folder with DATA_DIR`,
      );
    }
    rmSync(file, { force: true });
  }
  throw new DataInUseError(`${folder} was taken by another process at this moment`);
}

/** Whether a process with this id is there. */
export function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    // Signal 0 only asks whether the process is there.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
