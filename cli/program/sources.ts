import type { Command, Option } from 'commander';
import type { ConfirmOptions, HeldDecision } from '../commands/confirm.ts';
import type { ExpectOptions } from '../commands/expect.ts';
import type { SourcesOptions } from '../commands/sources.ts';
import type { SyncOptions } from '../commands/sync.ts';
import type { ReplayOptions } from '../commands/tenant/replay.ts';
import { withReason } from './actor.ts';
import type { Perform } from './perform.ts';

/**
 * Commands about sources: what they said, how they fare, and their people.
 *
 * @param names the options that say where SmartAssist's names come from
 */
export function addSourceCommands(
  program: Command,
  perform: Perform,
  [live, catalogue]: readonly [live: Option, catalogue: Option],
): void {
  withReason(
    program
      .command('confirm')
      .description('show what sources said that waits for a person, or decide about it')
      .addArgument(
        program
          .createArgument('[decision]', 'what to do')
          .choices(['show', 'accept', 'discard'])
          .default('show'),
      )
      .argument('[keys...]', 'which, by the keys that are shown')
      .option('--all', 'all that wait', false)
      .option('--yes <number>', 'of more than 20: how many, so that nothing is asked'),
  ).action((decision: HeldDecision, keys: string[], options: ConfirmOptions) =>
    perform(async (context, output) =>
      (await import('../commands/confirm.ts')).confirm(context, decision, keys, options, output),
    ),
  );

  const sourcesCommand = withReason(
    program
      .command('sources')
      .description(
        'show how each source fares, and of one what was refused; ends with 1 when one is paused or silent',
      )
      .argument('[name]', 'one source, with the requests that were refused last')
      .option('--resume <name>', 'take from a paused source again')
      .option(
        '--drop <name>',
        'of a source that is no longer configured: let people come back whom it holds out',
      )
      .option('--deleted', 'with --drop: those whom it has deleted, and not those whom it put out')
      .option('--dry-run', 'with --drop: show whom it holds and what becomes of each, and drop nothing')
      .option('--yes <number>', 'with --drop: how many, where more than 20 or deleted ones are asked about')
      .option('--reveal', 'with a name: show a secret that the provider handed over', false),
  ).action((name: string | undefined, options: SourcesOptions) =>
    perform(async (context, output) =>
      (await import('../commands/sources.ts')).sources(context, name, options, output),
    ),
  );

  withReason(
    sourcesCommand
      .command('expect')
      .description('let a provider hand over its secret, the first one of the next minutes')
      .argument('<name>', 'the source')
      .option('--minutes <number>', 'for how long, 1 to 60', '15'),
  ).action((name: string, _: ExpectOptions, command: Command) =>
    perform(async (context, output) =>
      // `sources` takes options of the same names, and takes them first.
      (await import('../commands/expect.ts')).expectHandOver(
        context,
        name,
        command.optsWithGlobals<ExpectOptions>(),
        output,
      ),
    ),
  );

  withReason(
    program
      .command('sync')
      .description(
        'read the people of a source, as a dry run without --apply; without a name: how all readings stand',
      )
      .argument('[source]')
      .option('--full', 'read everybody')
      .option('--delta', 'read what changed')
      .option('--apply', 'store what was read', false)
      .option(
        '--accept <number>',
        'with --full: take a list of at least so many people for complete, this once',
      )
      .addOption(live)
      .addOption(catalogue),
  ).action((source: string | undefined, options: SyncOptions) =>
    perform(async (context, output) =>
      (await import('../commands/sync.ts')).sync(context, source, options, output),
    ),
  );

  withReason(
    program
      .command('replay')
      .description(
        'try events again that were taken and failed; without --apply: show them, and what was refused at the doors',
      )
      .argument('[keys...]', 'which, by the keys that are shown')
      .option('--source <name>', 'only of this source')
      .option('--since <time>', 'only from then on: a time, or a span such as 24h')
      .option('--person <name>', 'with --source: read this person from it, and apply what it says')
      .option('--all', 'all that failed')
      .option('--dead-letters <queue>', 'events of Cognito and EventBridge that wait in this queue (its URL)')
      .option('--apply', 'do it')
      .option('--yes <number>', 'of more than 20: how many, so that nothing is asked'),
  ).action((keys: string[], options: ReplayOptions) =>
    perform(async (context, output) =>
      (await import('../commands/tenant/replay.ts')).replay(context, keys, options, output),
    ),
  );

  program
    .command('read')
    .description('read one person from a source now, and show what it says')
    .argument('<source>')
    .argument('<person>', "the source's id, or a userName")
    .action((source: string, person: string) =>
      perform(async (context, output) =>
        (await import('../commands/read.ts')).read(context, source, person, output),
      ),
    );
}
