import type { Command } from 'commander';
import { SECRET_KINDS, type SecretKind } from '../../functions/tenant/secrets/secret-name.ts';
import type { AuditOptions } from '../commands/tenant/audit.ts';
import type { ReconcileDecision, ReconcileOptions } from '../commands/tenant/reconcile.ts';
import type { RemapOptions } from '../commands/tenant/remap.ts';
import type { SecretOptions } from '../commands/tenant/secret.ts';
import type { ActorOptions } from '../operator/actor.ts';
import { withReason } from './actor.ts';
import type { Perform } from './perform.ts';

/** Commands about a tenant as a whole. */
export function addTenantCommands(program: Command, perform: Perform): void {
  withReason(
    program
      .command('remap')
      .description('evaluate everybody again with the configuration and the names of today')
      .option('--dry-run', 'only show what would change, as plan does'),
  ).action((options: RemapOptions) =>
    perform(async (context, output) =>
      (await import('../commands/tenant/remap.ts')).remap(context, options, output),
    ),
  );

  withReason(
    program.command('pause').description('stop calling SmartAssist; what comes in is stored and waits'),
  ).action((options: ActorOptions) =>
    perform(async (context, output) =>
      (await import('../commands/tenant/pause.ts')).pause(context, options, output),
    ),
  );

  withReason(program.command('resume').description('go on calling SmartAssist')).action(
    (options: ActorOptions) =>
      perform(async (context, output) =>
        (await import('../commands/tenant/pause.ts')).resume(context, options, output),
      ),
  );

  withReason(
    program
      .command('reconcile')
      .description(
        'show what the last reconciliation found, or decide about it; ends with 1 when something is open',
      )
      .addArgument(
        program
          .createArgument('[decision]', 'what to do')
          .choices(['show', 'repair', 'adopt', 'ignore'])
          .default('show'),
      )
      .argument('[names...]', 'people by name; agents by id')
      .option('--start', 'have one begun within a minute')
      .option('--all', 'of repair and ignore: all changed agents that are open')
      .option('--as <name>', 'of adopt: the person whose agent it becomes')
      .option('--undo', 'of ignore: be told of them again')
      .option('--yes <number>', 'of more than 20 people: how many, so that nothing is asked'),
  ).action((decision: ReconcileDecision, names: string[], options: ReconcileOptions) =>
    perform(async (context, output) =>
      (await import('../commands/tenant/reconcile.ts')).reconcileCommand(
        context,
        decision,
        names,
        options,
        output,
      ),
    ),
  );

  const secret = program
    .command('secret')
    .description("check or put a tenant's secrets in Secrets Manager; no value is ever shown");
  const kinds = () => program.createArgument('<kind>', 'which of the two').choices(SECRET_KINDS);
  secret
    .command('check')
    .description('whether functions can use what is put, or what is in a file; ends with 1 when not')
    .addArgument(program.createArgument('[kind]', 'which of the two').choices(SECRET_KINDS))
    .option('--file <file>', 'a value that is not put yet; - is standard input')
    .action((kind: SecretKind | undefined, options: SecretOptions) =>
      perform(async (context, output) =>
        (await import('../commands/tenant/secret.ts')).checkSecret(context, kind, options, output),
      ),
    );
  withReason(
    secret
      .command('set')
      .description('put a value, once its form is right; or change the digests of bearer tokens in it')
      .addArgument(kinds())
      .option('--file <file>', 'the whole value as JSON; - is standard input')
      .option(
        '--add-token <digests...>',
        'of door: digests as token prints them, beside those that are there',
      )
      .option('--retire-token <digests...>', 'of door: digests, or their beginnings, that open SCIM no more'),
  ).action((kind: SecretKind, options: SecretOptions) =>
    perform(async (context, output) =>
      (await import('../commands/tenant/secret.ts')).setSecret(context, kind, options, output),
    ),
  );

  program
    .command('audit')
    .description('show what operators did and what became of agents, the newest first')
    .option('--since <time>', 'from a time on, or for so long: 24h, 7d', '7d')
    .option('--export', 'as JSON Lines in OCSF, for a SIEM')
    .action((options: AuditOptions) =>
      perform(async (context, output) =>
        (await import('../commands/tenant/audit.ts')).audit(context, options, output),
      ),
    );
}
