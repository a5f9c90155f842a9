import {
  type CountryCode,
  isSupportedCountry,
  type MetadataJson,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/min/metadata';

const NUMBERS = metadata as MetadataJson;

/** Shorter ones are no phone number; emergency numbers have three digits. */
const FEWEST_DIGITS = 3;

/** An extension as people write it: `ext. 42`, `x42`, `#42`. Blanks have been made single. */
const EXTENSION = /\d\)? ?[,;]? ?(?:extension|extn|ext|x|#)[.:=]? ?\d{1,9}$/i;
/** `(0)` behind a country code, to be dialled inside the country alone. */
const TRUNK_PREFIX = /^((?:\+|00) ?\d{1,3}[ .-]?)\( ?0 ?\)/;
const CONTEXT = /^phone-context=(\+.*)$/i;

/** Whether there is such a country, by its two capital letters. */
export function isRegion(region: string): boolean {
  return isSupportedCountry(region as CountryCode, NUMBERS);
}

/**
 * A phone number with its country code, as `+493012345` (E.164).
 *
 * @param region the country of a number that is written without a country code
 * @returns undefined for what can't be a number: another text, no country, too short or too long for its country. Whether
 * a number of the right length is given to a subscriber changes too often to be known here.
 */
export function toE164(text: string, region: string | undefined): string | undefined {
  // Which regions there are has been checked where the configuration was read.
  const options = { extract: false, defaultCountry: region } as {
    extract: false;
    defaultCountry: CountryCode;
  };
  const parsed = parsePhoneNumberFromString(withoutExtension(text), options, NUMBERS);
  return parsed?.isPossible() === true ? parsed.number : undefined;
}

/**
 * The digits of a phone number: without the trunk prefix `(0)` behind a country code, and without its extension, whose
 * digits are no part of the number.
 *
 * @returns empty for a text without digits, undefined for too few to be a phone number
 */
export function phoneDigits(text: string): string | undefined {
  const digits = withoutExtension(text).replace(TRUNK_PREFIX, '$1').replace(/\D/g, '');
  return digits === '' || digits.length >= FEWEST_DIGITS ? digits : undefined;
}

/** Whether a text is a phone number by its looks: a `tel:` URI or one with its country code. */
export function looksLikePhoneNumber(text: string): boolean {
  return /^\s*(?:tel:|[+\uFF0B])/i.test(text);
}

/** The number alone, also of a `tel:` URI (RFC 3966), which RFC 7643 section 4.1.2 asks for. */
function withoutExtension(text: string): string {
  const plain = text.normalize('NFKC').replace(/\s+/g, ' ').trim();
  const [number = '', ...parameters] = plain.replace(/^tel:/i, '').split(';');
  const isUri = /^tel:/i.test(plain);
  const context = parameters.map((each) => CONTEXT.exec(each)?.[1]).find((each) => each !== undefined);
  const whole = isUri && !number.startsWith('+') && context !== undefined ? `${context}-${number}` : number;
  const cut = EXTENSION.exec(whole);
  return cut === null ? whole : whole.slice(0, cut.index + (whole[cut.index + 1] === ')' ? 2 : 1));
}
