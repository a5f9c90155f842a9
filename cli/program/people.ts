import type { Command } from 'commander';
import type { EraseOptions } from '../commands/people/erase.ts';
import type { PeopleOptions } from '../commands/people/people.ts';
import type { ProvisionOptions } from '../commands/people/provision.ts';
import type { RetryOptions } from '../commands/people/retry.ts';
import type { ActorOptions } from '../operator/actor.ts';
import { withActor, withReason } from './actor.ts';
import type { Perform } from './perform.ts';

/** Commands about people: who stands where, and why. */
export function addPeopleCommands(program: Command, perform: Perform): void {
  program
    .command('people')
    .description('list people with where each stands, why and since when')
    .option('--state <state>', 'due, failed, waiting, held, provisioned, suspended or removed')
    .option('--reason <code>', 'for one reason, as failures and people show them')
    .option('--source <name>', 'those whom this source knows')
    .option('--group <name>', 'direct members of this group')
    .option(
      '--search <text>',
      'the beginning of a userName or an e-mail; or a whole externalId, id or agent id',
    )
    .option('--limit <number>', 'at most so many')
    .option('--csv <file>', 'write them to a file, all of them; - is standard output')
    .action((options: PeopleOptions) =>
      perform(async (context, output) =>
        (await import('../commands/people/people.ts')).people(context, options, output),
      ),
    );

  program
    .command('failures')
    .description('show who failed, by reason, with what helps; ends with 1 when there is one')
    .action(() =>
      perform(async (context, output) =>
        (await import('../commands/people/failures.ts')).failures(context, output),
      ),
    );

  program
    .command('report')
    .description('who has which skill, queue, role and group, and by which rule, as CSV')
    .argument('<file>', 'where it goes; - is standard output')
    .action((file: string) =>
      perform(async (context, output) =>
        (await import('../commands/people/report.ts')).report(context, file, output),
      ),
    );

  withActor(
    program
      .command('retry')
      .description('try people again: those named, those who failed for a reason, or all who failed')
      .argument('[names...]', 'userNames, e-mail addresses, externalIds or ids')
      .option('--reason <code>', 'those who failed for this reason, as failures shows them')
      .option('--all-failed', 'everybody who failed')
      .option('--yes <number>', 'of more than 20 people: how many, so that nothing is asked'),
  ).action((names: string[], options: RetryOptions) =>
    perform(async (context, output) =>
      (await import('../commands/people/retry.ts')).retry(context, names, options, output),
    ),
  );

  withReason(
    program
      .command('provision')
      .description('provision one person ahead of back-fill, or with --now here, step by step')
      .argument('<name>', 'a userName, e-mail address, externalId or id')
      .option('--now', 'at once, and show each step'),
  ).action((name: string, options: ProvisionOptions) =>
    perform(async (context, output) =>
      (await import('../commands/people/provision.ts')).provision(context, name, options, output),
    ),
  );

  withReason(
    program
      .command('export')
      .description('everything that is kept about one person, as JSON (GDPR Art. 15)')
      .argument('<name>', 'a userName, e-mail address, externalId or id'),
  ).action((name: string, options: ActorOptions) =>
    perform(async (context, output) =>
      (await import('../commands/people/export.ts')).exportOne(context, name, options, output),
    ),
  );

  withReason(
    program
      .command('erase')
      .description('erase one person at once, with a receipt (GDPR Art. 17)')
      .argument('<name>', 'a userName, e-mail address, externalId or id')
      .option('--now', 'without waiting for the retention')
      .option('--agent', 'with the agent in SmartAssist')
      .option('--yes <userName>', 'the userName, so that nothing is asked'),
  ).action((name: string, options: EraseOptions) =>
    perform(async (context, output) =>
      (await import('../commands/people/erase.ts')).erase(context, name, options, output),
    ),
  );
}
