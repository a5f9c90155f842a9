import { once } from '../../runtime/once.ts';
import type { Conversion } from '../../tenant/configuration.ts';
import { looksLikePhoneNumber, phoneDigits, toE164 } from './phone-number.ts';

/**
 * What is made of a text; undefined when nothing can be.
 *
 * @param isPhone whether the text comes from where phone numbers are
 */
export function convert(
  text: string,
  conversion: Conversion,
  region: string | undefined,
  isPhone = false,
): string | undefined {
  switch (conversion) {
    case 'digits':
      if (isPhone || looksLikePhoneNumber(text)) return phoneDigits(text);
      return text.normalize('NFKC').replace(/\D/g, '');
    case 'e164':
      return toE164(text, region);
    case 'lower':
      return text.toLowerCase();
    case 'upper':
      return text.toUpperCase();
    case 'trim':
      return text.trim();
  }
}

/** Made when a text has to be cut: it loads the rules of all scripts, which takes as long as all of the AWS clients. */
const segmenter = once(() => new Intl.Segmenter());

/**
 * The beginning of a text: at most so many characters (Unicode code points, as SmartAssist's limits are checked), and no
 * character that a reader sees as one is split, be it a letter with accents, a flag or a family.
 */
export function truncate(text: string, most: number): string {
  // No text has more code points than UTF-16 units.
  if (text.length <= most) return text;
  let kept = '';
  let count = 0;
  for (const { segment } of segmenter().segment(text)) {
    count += [...segment].length;
    if (count > most) break;
    kept += segment;
  }
  return kept.trimEnd();
}
