const MOST = 60;

/** A value as a message may show it: in quotes and short. */
export function quoted(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  // Cut before it is taken apart: the text may be anything a person has.
  // Stryker disable next-line MethodExpression: the same comes out of the whole text, only later
  const characters = [...text.slice(0, 2 * MOST + 1)];
  return characters.length > MOST ? `"${characters.slice(0, MOST - 3).join('')}…"` : `"${text}"`;
}

/** Attributes whose values messages never show: messages end up in the logs of other companies. */
const UNSPEAKABLE = /phoneNumber/i;

/** As `quoted`, for the value of a field or path: of a phone number it says only that there is one. */
export function quotedOf(field: string, value: unknown): string {
  const shown = quoted(value);
  return UNSPEAKABLE.test(field) && /\p{Nd}/u.test(shown) ? 'the value' : shown;
}
