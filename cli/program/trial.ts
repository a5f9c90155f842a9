import type { Command } from 'commander';
import type { TailOptions } from '../commands/trial/tail.ts';
import type { TriggerOptions } from '../commands/trial/trigger.ts';
import type { Perform } from './perform.ts';

/** Commands for trying out, and for looking on. */
export function addTrialCommands(program: Command, perform: Perform): void {
  program
    .command('trigger')
    .description("send a provider's event to npm start, signed; without an event: which there are")
    .argument('<source>')
    .argument('[event]', 'created, updated, deactivated, or another one of the provider')
    .option('--user <address>', 'about whom: an e-mail address')
    .option('--id <id>', "the source's id of the person")
    .action((source: string, event: string | undefined, options: TriggerOptions) =>
      perform(async (context, output) =>
        (await import('../commands/trial/trigger.ts')).trigger(context, source, event, options, output),
      ),
    );

  program
    .command('tail')
    .description(
      'what happens, line by line: from npm start, or with --table from the logs of a deployed stack',
    )
    .option('--status <word>', 'lines with this status or outcome: 409, 4xx, failed, error')
    .option('--search <text>', 'lines with this text')
    .action((options: TailOptions) =>
      perform(async (context, output) =>
        (await import('../commands/trial/tail.ts')).tail(context, options, output),
      ),
    );
}
