import {
  type CountryCode,
  isSupportedCountry,
  type MetadataJson,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/min/metadata';
import { compact } from '../../runtime/compact.ts';

const NUMBERS = metadata as MetadataJson;

/** Shorter ones are no phone number; emergency numbers have three digits. */
const FEWEST_DIGITS = 3;
/** No extension is so long: of fewer digits a text before may say that they are one, more digits behind are a second number. */
const FEWEST_OF_SUBSCRIBER = 7;

/** From the first digit, with its `+` and bracket, to the last one before a character that stands in no number. */
const NUMBER = /(?:\+\s?)?[([]?\s?(?:\+\s?)?\d(?:[\d\s().[\]/\u2010-\u2015\u2212-]*[\d)])?/u;
/** `(42)` behind a number. */
const BRACKETED_END = /[\d\s]\(\s?\d{1,9}\s?\)$/;
/** Letters that stand for digits, as in `1-800-FLOWERS`. */
const VANITY = /^[.-]?\p{L}{3}/u;
/** `(0)` behind a country code, to be dialled inside the country alone. */
const TRUNK_PREFIX = /^((?:\+|00) ?\d{1,3}[ .-]?)\( ?0 ?\)/;
const CONTEXT = /^phone-context=(\+.*)$/i;

/** Whether there is such a country, by its two capital letters. */
export function isRegion(region: string): boolean {
  return isSupportedCountry(region as CountryCode, NUMBERS);
}

/**
 * A phone number with its country code, as `+493012345` (E.164), without its extension.
 *
 * @param region the country of a number that is written without a country code
 * @returns undefined for what can't be a number: another text, no country, too short or too long for its country. Whether
 * a number of the right length is given to a subscriber changes too often to be known here.
 */
export function toE164(text: string, region: string | undefined): string | undefined {
  const found = findNumber(text);
  if (found === undefined || /\p{L}/u.test(found.before)) return undefined;
  if (found.context !== undefined) return inContext(found.context, found.number);
  // Which regions there are has been checked where the configuration was read.
  const parsed = parse(found.number, region as CountryCode | undefined);
  return parsed?.isPossible() === true ? parsed.number : undefined;
}

/**
 * The digits of a phone number: without the trunk prefix `(0)` behind a country code, and without its extension, whose
 * digits are no part of the number.
 *
 * @returns empty for a text without digits, undefined where no phone number is to be told from the text
 */
export function phoneDigits(text: string): string | undefined {
  const found = findNumber(text);
  if (found === undefined) return /\p{Nd}/u.test(text) ? undefined : '';
  const context = found.context?.replace(/\D/g, '') ?? '';
  const digits = context + found.number.replace(TRUNK_PREFIX, '$1').replace(/\D/g, '');
  // Without the numbering of the country a context of its code alone doesn't say what is to be left out or added.
  const isKnown = found.context === undefined || (context.length > 3 && !/^\D*0/.test(found.number));
  return isKnown && digits.length >= FEWEST_DIGITS ? digits : undefined;
}

/** Whether a text is a phone number by its looks: a `tel:` URI or one with its country code. */
export function looksLikePhoneNumber(text: string): boolean {
  return /^(?:tel:|\+)/i.test(plainOf(text));
}

interface Found {
  readonly before: string;
  readonly number: string;
  /** Initial digits of the global number that a local one is meant in (RFC 3966 section 5.1.5). */
  readonly context?: string;
}

/**
 * The number in a text, also in a `tel:` URI (RFC 3966), which RFC 7643 section 4.1.2 asks for. It ends at the first letter
 * or mark that stands in no number: what follows is an extension or a remark, whatever words a language has for it.
 *
 * @returns undefined where it can't be told which digits are the number: there are none, or two numbers, or letters in
 * place of digits, or few digits behind a word, which may be an extension by itself
 */
function findNumber(text: string): Found | undefined {
  const plain = plainOf(text);
  const isUri = /^tel:/i.test(plain);
  const [written = '', ...parameters] = plain.replace(/^tel:/i, '').split(';');
  const match = NUMBER.exec(written);
  if (match === null) return undefined;
  const before = written.slice(0, match.index);
  const behind = written.slice(match.index + match[0].length);
  const isVanity = VANITY.test(behind) && !/\d/.test(behind);
  if (isVanity || digitsIn(behind) >= FEWEST_OF_SUBSCRIBER) return undefined;
  const end = BRACKETED_END.exec(match[0]);
  const main = end === null ? '' : match[0].slice(0, end.index + 1);
  const number = (digitsIn(main) >= FEWEST_OF_SUBSCRIBER ? main : match[0]).trim();
  const isWhole = /^[([ ]*(?:\+|00)/.test(number) || digitsIn(number) >= FEWEST_OF_SUBSCRIBER;
  if (!isWhole && /\p{L}/u.test(before)) return undefined;
  const context = parameters.map((each) => CONTEXT.exec(each.trim())?.[1]).find((each) => each !== undefined);
  const isLocal = isUri && !number.startsWith('+');
  return isLocal && context !== undefined ? { before, number, context } : { before, number };
}

/**
 * A local number in its context. The two one behind the other need not be a number: `911` in the context `+1` isn't
 * `+1911` (RFC 3966 section 5.1.5).
 */
function inContext(context: string, number: string): string | undefined {
  const parsed = parse(`${context}-${number}`);
  return parsed?.isValid() === true ? parsed.number : undefined;
}

function parse(number: string, defaultCountry?: CountryCode) {
  const options = { extract: false, ...compact({ defaultCountry }) } as const;
  return parsePhoneNumberFromString(number, options, NUMBERS);
}

/** Blanks made single, and without the invisible marks that come with a number from an address book. */
function plainOf(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .trim();
}

function digitsIn(text: string): number {
  return text.replace(/\D/g, '').length;
}
