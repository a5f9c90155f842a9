/** What a provider's word says of being in service: nothing where it is undefined. */
export type StatusWords = Readonly<Record<string, boolean | undefined>>;

/** Whether a person is in service, by the provider's word for it. */
export interface Standing {
  readonly active: boolean | undefined;
  /** A word that the provider's documentation doesn't have: what it means can't be guessed. */
  readonly unknownStatus?: string;
}

/**
 * Looks a provider's word up, whatever its case: a word of a newer version of the provider puts out of service as little as
 * it takes in.
 *
 * @param words in capitals
 */
export function standingIn(words: StatusWords, word: string | undefined): Standing {
  if (word === undefined) return { active: undefined };
  const known = word.trim().toUpperCase();
  if (Object.hasOwn(words, known)) return { active: words[known] };
  return { active: undefined, unknownStatus: word };
}

/** The status is no word that its provider documents. */
export function unknownStatusText(status: string): string {
  return `the status ${JSON.stringify(status.slice(0, 60))} is not known`;
}
