import { closeSync, openSync, rmSync, statSync, truncateSync, writeSync } from 'node:fs';
import { CommandFailure } from '../failure.ts';
import { STANDARD } from '../file-output.ts';

/** A line that could not be taken. */
export interface Reject {
  /** Where it begins. */
  readonly line: number;
  /** Where it ends, if it goes over several lines. */
  readonly lastLine?: number;
  /** Whom it is about, where that could be read. */
  readonly userName?: string;
  readonly reason: string;
}

/** Where the rejects of an import go: a JSON object a line. */
export interface Rejects {
  readonly file: string;
  /** How long the file is by now. */
  bytes(): number;
  write(reject: Reject): void;
  close(): void;
}

/**
 * Opens the file of rejects; it is there only when something is in it. What an earlier import left there goes.
 *
 * @param keep bytes to be kept: what the import that is gone on with had written when it noted its place
 * @throws CommandFailure when it can't be written
 */
export function openRejects(file: string, keep: number): Rejects {
  let descriptor: number | undefined;
  let bytes = 0;
  if (file === STANDARD) {
    return {
      file,
      bytes: () => 0,
      write: (reject) => void process.stdout.write(`${JSON.stringify(reject)}\n`),
      close: () => {},
    };
  }
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw new CommandFailure(`the rejects can not be written to ${file}: ${(error as Error).message}`);
    }
  };
  if (keep > 0 && (statSync(file, { throwIfNoEntry: false })?.size ?? 0) >= keep) {
    attempt(() => truncateSync(file, keep));
    descriptor = attempt(() => openSync(file, 'a'));
    bytes = keep;
  } else attempt(() => rmSync(file, { force: true }));
  return {
    file,
    bytes: () => bytes,
    write: (reject) => {
      descriptor ??= attempt(() => openSync(file, 'w'));
      bytes += writeSync(descriptor, `${JSON.stringify(reject)}\n`);
    },
    close: () => {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}
