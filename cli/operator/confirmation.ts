import { createInterface } from 'node:readline/promises';
import { CommandFailure } from '../failure.ts';
import { counted } from '../output.ts';

/** The most people that a command changes without the number being typed. */
export const UNASKED = 20;

/**
 * Has the number of people typed before something is done to more than twenty of them, unless `--yes` says it.
 *
 * @param of what is counted, where it isn't people
 * @param unasked as many need no word
 * @throws CommandFailure where another number is said, or none
 */
export async function confirmCount(
  count: number,
  what: string,
  yes: string | undefined,
  of = 'person',
  unasked = UNASKED,
): Promise<void> {
  const number = counted(count, of);
  if (yes !== undefined && Number(yes) !== count) {
    throw new CommandFailure(`--yes ${yes}: ${number} would be ${what}; nothing was done`);
  }
  if (count <= unasked || yes !== undefined) return;
  const typed = await ask(`${number} will be ${what}. Type the number to go on: `);
  if (Number(typed) === count && typed.trim() !== '') return;
  throw new CommandFailure(
    `${number} would be ${what}, and the number was not typed; nothing was done (--yes ${count} says it)`,
  );
}

/** Has a word typed before something is done that can't be taken back. */
export async function confirmWord(word: string, what: string, yes: string | undefined): Promise<void> {
  if (yes === word) return;
  if (yes !== undefined) throw new CommandFailure(`--yes ${yes}: ${word} is right; nothing was done`);
  const typed = await ask(`${what} Type ${word} to go on: `);
  if (typed.trim() === word) return;
  throw new CommandFailure(`${word} was not typed; nothing was done (--yes ${word} says it)`);
}

/** The line that is typed in answer; an empty one where none comes. */
export async function ask(question: string): Promise<string> {
  // The answer of a command is read from standard output: what is asked is not part of it.
  process.stderr.write(question);
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    for await (const line of lines) return line;
    return '';
  } finally {
    lines.close();
  }
}
