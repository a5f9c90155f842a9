const MOST = 60;

/** Attributes whose values messages never show: messages end up in the logs of other companies. */
const UNSPEAKABLE = /phoneNumber/i;

/** A value as a message may show it: in quotes and short; of a phone number only that there is one. */
export function quoted(field: string, value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (UNSPEAKABLE.test(field) && /\d/.test(text)) return 'the value';
  // Cut before it is taken apart: the text may be anything a person has.
  const characters = [...text.slice(0, 2 * MOST)];
  return text.length > 2 * MOST || characters.length > MOST
    ? `"${characters.slice(0, MOST - 3).join('')}…"`
    : `"${text}"`;
}
