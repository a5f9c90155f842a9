import { ScimInputError } from '../../functions/scim-core/error.ts';

/** The ScimInputError that `act` throws; anything else it throws, and throwing nothing, fails the test. */
export function refusal(act: () => unknown): ScimInputError {
  try {
    act();
  } catch (error) {
    if (error instanceof ScimInputError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

/** Runs `act` and answers true when it either succeeds or is refused with a ScimInputError. */
export function succeedsOrRefuses(act: () => unknown): boolean {
  try {
    act();
  } catch (error) {
    if (!(error instanceof ScimInputError)) throw error;
  }
  return true;
}
