import { createWriteStream, writeFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { CommandFailure } from './failure.ts';
import { complain, type Output } from './output.ts';

/** In the place of a file's name: standard output, or of what is read standard input. */
export const STANDARD = '-';

/**
 * What a command says while a file of it goes to standard output: on standard error, so that nothing is mixed into it.
 *
 * @param files those that the command was asked for
 */
export function besideFiles(output: Output, ...files: readonly (string | undefined)[]): Output {
  if (!files.includes(STANDARD)) return output;
  const nothing = () => {};
  return {
    ...output,
    json: false,
    line: (...parts) =>
      complain(parts.map((part) => (typeof part === 'string' ? part : part.painted)).join('')),
    data: nothing,
    row: nothing,
    paint: (_, text) => ({ painted: text }),
  };
}

/** @throws CommandFailure where the file can't be written */
export function writeOut(file: string, text: string, mode = 0o666): void {
  if (file === STANDARD) {
    process.stdout.write(text);
    return;
  }
  try {
    writeFileSync(file, text, { mode });
  } catch (error) {
    throw unwritable(file, error);
  }
}

/** A file that is written line by line. */
export interface LinesOut {
  write(line: string): void;
  /** @throws CommandFailure where the file can't be written */
  end(): Promise<void>;
}

/** Opens a file that its owner alone may read: people are in it. */
export function openLines(file: string): LinesOut {
  if (file === STANDARD) return { write: (line) => void process.stdout.write(line), end: async () => {} };
  const stream = createWriteStream(file, { mode: 0o600 });
  const written = finished(stream);
  // Said by `end`, once it is waited for.
  written.catch(() => {});
  return {
    write: (line) => void stream.write(line),
    end: async () => {
      stream.end();
      await written.catch((error: unknown) => {
        throw unwritable(file, error);
      });
    },
  };
}

function unwritable(file: string, error: unknown): CommandFailure {
  return new CommandFailure(`${file} can not be written: ${(error as Error).message}`);
}
