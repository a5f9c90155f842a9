/**
 * Stands in for `libphonenumber-js` where no rule of the configuration converts to E.164: the library knows every
 * country's numbering and would be a fifth of a bundle that never asks it.
 */
const leftOut = (): never => {
  throw new Error('this bundle was made for a configuration without E.164');
};

export const isSupportedCountry = leftOut;
export const parsePhoneNumberFromString = leftOut;
export default {};
