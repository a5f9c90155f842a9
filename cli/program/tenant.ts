import type { Command } from 'commander';
import type { AuditOptions } from '../commands/tenant/audit.ts';
import type { ReconcileDecision, ReconcileOptions } from '../commands/tenant/reconcile.ts';
import type { RemapOptions } from '../commands/tenant/remap.ts';
import type { ActorOptions } from '../operator/actor.ts';
import { withActor } from './actor.ts';
import type { Perform } from './perform.ts';

/** Commands about a tenant as a whole. */
export function addTenantCommands(program: Command, perform: Perform): void {
  withActor(
    program
      .command('remap')
      .description('evaluate everybody again with the configuration and the names of today')
      .option('--dry-run', 'only show what would change, as plan does'),
  ).action((options: RemapOptions) =>
    perform(async (context, output) =>
      (await import('../commands/tenant/remap.ts')).remap(context, options, output),
    ),
  );

  withActor(
    program.command('pause').description('stop calling SmartAssist; what comes in is stored and waits'),
  ).action((options: ActorOptions) =>
    perform(async (context, output) =>
      (await import('../commands/tenant/pause.ts')).pause(context, options, output),
    ),
  );

  withActor(program.command('resume').description('go on calling SmartAssist')).action(
    (options: ActorOptions) =>
      perform(async (context, output) =>
        (await import('../commands/tenant/pause.ts')).resume(context, options, output),
      ),
  );

  withActor(
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
