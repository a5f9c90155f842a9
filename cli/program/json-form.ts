import type { Command } from 'commander';

/** Commands that answer `--json` while the work goes on; all others with one document at its end. */
const IN_LINES: ReadonlySet<string> = new Set([
  'audit',
  'plan',
  'push',
  'remap',
  'report',
  'rollback',
  'tail',
]);

const LINES = 'a JSON value a line (JSON Lines)';
const DOCUMENT = 'one JSON document';

/** Has the help of each command say in which form it answers `--json`. */
export function sayJsonForms(commands: readonly Command[], isInLines?: boolean): void {
  for (const command of commands) {
    const form = (isInLines ?? IN_LINES.has(command.name())) ? LINES : DOCUMENT;
    command.addHelpText('after', `\nWith --json it answers with ${form}.`);
    sayJsonForms(command.commands, form === LINES);
  }
}
