#!/usr/bin/env node
import { enableCompileCache } from 'node:module';
import { Command, CommanderError, Option } from 'commander';
import { compact } from '../functions/runtime/compact.ts';
import { DEFAULT_STAGE } from '../functions/tenant/secrets/secret-name.ts';
import type { CommandContext } from './command-context.ts';
import type { BrakeOptions, Decision } from './commands/brake.ts';
import type { CheckOptions } from './commands/check.ts';
import type { PushOptions } from './commands/configuration/push.ts';
import type { RollbackOptions } from './commands/configuration/rollback.ts';
import type { ImportOptions } from './commands/import.ts';
import type { PlanOptions } from './commands/plan.ts';
import type { ProbeOptions } from './commands/probe.ts';
import { EXIT_FAILURE, failureText } from './failure.ts';
import type { NameSource } from './names.ts';
import { complain, openOutput } from './output.ts';
import { withReason } from './program/actor.ts';
import { sayJsonForms } from './program/json-form.ts';
import { addPeopleCommands } from './program/people.ts';
import type { Action } from './program/perform.ts';
import { addSourceCommands } from './program/sources.ts';
import { addTenantCommands } from './program/tenant.ts';
import { addTrialCommands } from './program/trial.ts';
import { versionOfClone } from './version.ts';

/** The command line as commander has it: tests ask it for commands and options. */
export const program = new Command('agent-provisioner')
  .description('Operates Agent Provisioner: people of an identity provider become SmartAssist agents.')
  .version(versionOfClone(), '--version', 'the version of this clone')
  .addOption(
    new Option('-c, --configuration <file>', 'the configuration')
      .env('CONFIGURATION')
      .default('provisioner.yaml'),
  )
  .option('-t, --tenant <name>', 'the tenant; the only one when there is one')
  .addOption(
    new Option('--data-dir <folder>', 'the local directory, as npm start keeps it')
      .env('DATA_DIR')
      .default('.data'),
  )
  .option('--table <name>', "a deployed directory's table; AWS credentials are taken from the environment")
  .option('--stage <name>', 'the stage of that table, whose secrets are read', DEFAULT_STAGE)
  .option('--json', 'answer in JSON', false)
  .exitOverride()
  .configureOutput({ outputError: (text, write) => write(text) });

const live = new Option('--live', "ask SmartAssist for its names now (costs calls of the minute's budget)");
const catalogue = new Option('--catalogue <file>', "SmartAssist's names from a file");

/** Runs a command's work with what all commands share; its code is loaded only when it is called. */
async function perform(action: Action): Promise<void> {
  const { configuration, tenant, dataDir, table, stage, json } = program.opts();
  const context: CommandContext = {
    configuration,
    dataDir,
    stage,
    json,
    ...compact({ tenant, table }),
  };
  process.exitCode = (await action(context, openOutput(json))) ?? 0;
}

program
  .command('check')
  .description('check the configuration, and with --live or --catalogue all names in it')
  .addOption(live)
  .addOption(catalogue)
  .option(
    '--save <file>',
    'write the names that --live has read to a file, for --catalogue; - is standard output',
  )
  .action((options: CheckOptions) =>
    perform(async (context, output) => (await import('./commands/check.ts')).check(context, options, output)),
  );

program
  .command('preview')
  .description('show the agent that a person would become, and why')
  .argument('<person>', 'a SCIM User as JSON; - reads standard input')
  .addOption(live)
  .addOption(catalogue)
  .action((file: string, names: NameSource) =>
    perform(async (context, output) =>
      (await import('./commands/preview.ts')).preview(context, file, names, output),
    ),
  );

program
  .command('plan')
  .description('show what the configuration would do to everybody in the directory')
  .addOption(live)
  .addOption(catalogue)
  .option('--save <file>', 'write the plan to a file, for push --plan; - is standard output')
  .option('--detailed-exitcode', 'end with 2 when anything would change, 0 when nothing, 1 after an error')
  .action((options: PlanOptions) =>
    perform(async (context, output) => (await import('./commands/plan.ts')).plan(context, options, output)),
  );

withReason(
  program
    .command('push')
    .description('make the configuration the active generation, after it was checked and planned')
    .addOption(live)
    .addOption(catalogue)
    .option('--plan <files...>', 'activate exactly what plan --save has written; it passes the brake')
    .option('--differences <number>', 'with --plan: how many persons may differ from it; a hundredth, and 3')
    .option('--drop <names...>', 'of sources that are no longer configured: let come back whom they hold out')
    .option('--deployed', 'the stack was deployed with this configuration a moment ago'),
).action((options: PushOptions) =>
  perform(async (context, output) =>
    (await import('./commands/configuration/push.ts')).push(context, options, output),
  ),
);

withReason(
  program
    .command('rollback')
    .description('make an older generation of the configuration the active one again')
    .argument('<generation>', 'its number, as generations lists it')
    .addOption(live)
    .addOption(catalogue)
    .option('--anyway', 'although SmartAssist no longer has all the names')
    .option(
      '--drop <names...>',
      'of sources that the generation does not know: let come back whom they hold out',
    ),
).action((which: string, options: RollbackOptions) =>
  perform(async (context, output) =>
    (await import('./commands/configuration/rollback.ts')).rollback(context, which, options, output),
  ),
);

program
  .command('generations')
  .description('list the generations of the configuration: who activated which, when and why')
  .action(() =>
    perform(async (context, output) =>
      (await import('./commands/configuration/generations.ts')).generations(context, output),
    ),
  );

program
  .command('explain')
  .description('show why an agent looks as it does, and what happened to it lately')
  .argument('<name>', 'a userName, e-mail address, externalId or id, or the id of a refusal')
  .addOption(live)
  .addOption(catalogue)
  .action((name: string, names: NameSource) =>
    perform(async (context, output) =>
      (await import('./commands/explain.ts')).explain(context, name, names, output),
    ),
  );

addPeopleCommands(program, perform);
addTenantCommands(program, perform);

withReason(
  program
    .command('import')
    .description('take persons in from a file, as back-fill; a dry run without --apply')
    .argument('<file>', 'CSV with a header, or JSONL; - reads standard input')
    .option('--apply', 'store the persons', false)
    .option('--columns <pairs>', 'what the columns are: "Login=userName,First=name.givenName"')
    .option('--rejects <file>', 'where lines go that can not be taken (default: <file>.rejects.jsonl)')
    .option('--groups <names...>', 'groups that everybody in the file is in, beside the column groups')
    .option('--source <name>', 'write the column id as the id that this source has for the person')
    .addOption(live)
    .addOption(catalogue),
).action((file: string, options: ImportOptions) =>
  perform(async (context, output) =>
    (await import('./commands/import.ts')).importPersons(context, file, options, output),
  ),
);

withReason(
  program
    .command('brake')
    .description('show whom the brake holds back, or decide about them')
    .addArgument(
      program
        .createArgument('[decision]', 'what to do')
        .choices(['show', 'release', 'discard'])
        .default('show'),
    )
    .argument('[names...]', 'about whom: userNames, e-mail addresses, externalIds or ids')
    .option('--all', 'about everybody whom it holds')
    .option('--source <name>', 'about those whom this source wrote last')
    .option('--rule <name>', 'about those whose change comes from this rule')
    .option('--yes <number>', 'of more than 20 people: how many, so that nothing is asked'),
).action((decision: Decision, names: string[], options: BrakeOptions) =>
  perform(async (context, output) =>
    (await import('./commands/brake.ts')).brake(context, decision, names, options, output),
  ),
);

addSourceCommands(program, perform, [live, catalogue]);

withReason(
  program
    .command('doctor')
    .description(
      'one page: whether SmartAssist, secrets, sources, work and the installation are as they should be',
    )
    .option('--probe', 'make up to three agents, try what the documentation does not say, delete them', false)
    .option('--mailbox <address>', 'with --probe: where mails to these agents may go')
    .option('--report <file>', 'with --probe: where the behaviour goes (default: smartassist-behaviour.json)')
    .option('--yes', 'with --probe: begin without asking', false),
).action(({ probe, ...options }: ProbeOptions & { probe: boolean }) =>
  perform(async (context, output) =>
    probe
      ? (await import('./commands/probe.ts')).probe(context, options, output)
      : (await import('./commands/doctor.ts')).doctor(context, output),
  ),
);

addTrialCommands(program, perform);

program
  .command('token')
  .description('make a bearer token for an identity provider, and its digest for the secret')
  .action(() => perform(async (_, output) => (await import('./commands/token.ts')).makeToken(output)));

sayJsonForms(program.commands);

/** Runs the command that is asked for; sets the exit code. */
export async function main(argv: readonly string[] = process.argv.slice(2)): Promise<void> {
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    // Help and version are no failures; wrong arguments have been explained by the parser.
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : EXIT_FAILURE;
      return;
    }
    process.exitCode = EXIT_FAILURE;
    complain(failureText(error));
  }
}

/** As a program of its own. */
export async function start(): Promise<void> {
  enableCompileCache();
  // `agent-provisioner plan | head`: the reader has had enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  await main();
}

if (import.meta.main) await start();
