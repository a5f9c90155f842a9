/**
 * What a terminal obeys instead of showing it: control characters (C0, DEL, C1), separators of lines, and what turns the
 * direction of writing (Unicode Standard Annex 9), by which a text can be shown as another one.
 */
const OBEYED = /[\p{Cc}\u2028\u2029\u202A-\u202E\u2066-\u2069]/gu;

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text of others on one line: nothing in it can begin a line, colour one, or turn it around. */
export function printable(text: string): string {
  return text.replace(OBEYED, escaped);
}

/** The same where a text has lines of its own, as a stack trace has. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

const BREAKS = new RegExp(`(?:${OBEYED.source}|\\s)+`, 'gu');

/** Words of an operator on one line: breaks, and what a terminal obeys, become a blank. */
export function oneLine(text: string): string {
  return text.replace(BREAKS, ' ').trim();
}

/** JSON that says the same as before, with what JSON.stringify lets stand escaped, too; C0 between its values stays. */
export function printableJson(json: string): string {
  return json.replace(OBEYED, (character) => (character < ' ' ? character : escaped(character)));
}
