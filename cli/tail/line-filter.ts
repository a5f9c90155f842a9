import { folded } from '../../functions/scim-core/fold.ts';
import { CommandFailure } from '../failure.ts';

/** Which lines are wanted. */
export interface LineFilter {
  /** A word of the line: `409`, `4xx`, `failed`, `refused`, `error`. */
  readonly status?: string;
  /** Any part of the line. */
  readonly search?: string;
}

/** @throws CommandFailure for a status of several words */
export function lineFilter({ status, search }: LineFilter): (text: string) => boolean {
  if (status !== undefined && !/^[\w-]+$/.test(status)) {
    throw new CommandFailure(`--status ${status}: one word is right, such as 409, 4xx, failed or error`);
  }
  const wanted = search === undefined ? undefined : folded(search);
  const word = status === undefined ? undefined : folded(status);
  return (text) => {
    const line = folded(text);
    if (wanted !== undefined && !line.includes(wanted)) return false;
    return word === undefined || line.split(/[^\w-]+/).some((each) => fits(each, word));
  };
}

/** `4xx` is every status of the four hundreds. */
function fits(word: string, wanted: string): boolean {
  if (!/^[1-5]xx$/.test(wanted)) return word === wanted;
  return /^\d{3}$/.test(word) && word[0] === wanted[0];
}
