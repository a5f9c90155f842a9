/** What small letters alone don't prepare; nearly no name or address has any. */
const UNUSUAL = /[^ -~]/;

/** Whether a text needs small letters and nothing else to be compared. */
export function isUsual(text: string): boolean {
  return !UNUSUAL.test(text);
}

/** Full-width and half-width forms, and the blank as wide as a character. */
const WIDE = /[\u3000\uFF01-\uFFEE]+/g;

/**
 * A text as it is compared wherever case doesn't count: look-up keys, filters, rules, names of the catalogue. Width
 * mapping, small letters and NFC, in the order of RFC 8265 section 3.3.2 (RFC 7644 section 5 asks for PRECIS); unlike
 * there nothing is refused, since e-mail addresses and names of groups are compared so, too. Texts are stored as sent.
 */
export function folded(text: string): string {
  if (text.length > LONGEST_KEPT) return fold(text);
  const known = kept.get(text);
  if (known !== undefined) return known;
  const made = fold(text);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(text, made);
  return made;
}

/** Rules compare the names of the same groups again and again: what was folded lately is kept, so many and so long. */
const kept = new Map<string, string>();
const MOST_KEPT = 4_096;
const LONGEST_KEPT = 128;

function fold(text: string): string {
  if (isUsual(text)) return text.toLowerCase();
  return text
    .replace(WIDE, (wide) => wide.normalize('NFKC'))
    .toLowerCase()
    .normalize('NFC');
}
