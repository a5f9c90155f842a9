import type { Command } from 'commander';

/** The options of a command that changes something: both are kept with what was done. */
export function withActor(command: Command): Command {
  return command
    .option('--why <text>', 'why, for the audit')
    .option('--by <name>', 'who, where the AWS identity or the user of this machine does not say it');
}
