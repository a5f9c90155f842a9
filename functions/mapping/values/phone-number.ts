import {
  type CountryCode,
  isSupportedCountry,
  type MetadataJson,
  parsePhoneNumberFromString,
} from 'libphonenumber-js/core';
import metadata from 'libphonenumber-js/min/metadata';

const NUMBERS = metadata as MetadataJson;

/** Whether there is such a country, by its two capital letters. */
export function isRegion(region: string): boolean {
  return isSupportedCountry(region as CountryCode, NUMBERS);
}

/**
 * A phone number with its country code, as `+493012345` (E.164).
 *
 * @param region the country of a number that is written without a country code
 * @returns undefined for what can't be a number: another text, no country, too short or too long for its country. Whether
 * a number of the right length is given to somebody changes too often to be known here.
 */
export function toE164(text: string, region: string | undefined): string | undefined {
  // Which regions there are has been checked where the configuration was read.
  const options = { extract: false, defaultCountry: region } as {
    extract: false;
    defaultCountry: CountryCode;
  };
  const parsed = parsePhoneNumberFromString(text.normalize('NFKC'), options, NUMBERS);
  return parsed?.isPossible() === true ? parsed.number : undefined;
}
