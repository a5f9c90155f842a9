import type { Command } from 'commander';

const WHY = 'why, for the audit';
const BY = 'who, where the AWS identity or the user of this machine does not say it';

/** The options of `retry`, whose `--reason` is the code of a failure. */
export function withActor(command: Command): Command {
  return command.option('--why <text>', WHY).option('--by <name>', BY);
}

/** The options of a command that changes something: both are kept with what was done. */
export function withReason(command: Command): Command {
  return command.option('--reason, --why <text>', WHY).option('--by <name>', BY);
}
