import { CommandFailure } from '../failure.ts';

/**
 * What is shown is everything: names beside it would be passed over without a word, and are meant for a decision.
 *
 * @throws CommandFailure where some are named
 */
export function assertWhole(command: string, ...names: readonly (string | undefined)[]): void {
  const named = names.filter((name) => name !== undefined);
  if (named.length === 0) return;
  throw new CommandFailure(`${command} show shows all; ${named.join(', ')} is for a decision about some`);
}
