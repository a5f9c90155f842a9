/** Something that ends a command, said in words for whoever typed it. Exit code 2: the command could not do its work. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
}

/** What a command found is not as it should be: its output says what. */
export const EXIT_FINDINGS = 1;
/** The command could not do its work: wrong arguments, no file, no connection. */
export const EXIT_FAILURE = 2;
