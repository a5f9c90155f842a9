import {
  type ReconciliationView,
  showReconciliation,
  startReconciliation,
} from '../../../functions/operate/tenant/reconciliation.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../../command-context.ts';
import { EXIT_FINDINGS } from '../../failure.ts';
import { type ActorOptions, actorOf } from '../../operator/actor.ts';
import { counted, type Output } from '../../output.ts';

export interface ReconcileOptions extends ActorOptions {
  readonly start?: true;
}

const SHOWN = 50;

/** `reconcile [--start]`: what the last reconciliation found, or has one begun. Ends with 1 where it found something. */
export async function reconcileCommand(
  context: CommandContext,
  { start, ...options }: ReconcileOptions,
  output: Output,
): Promise<number | undefined> {
  const tenant = chooseTenant(context, readConfiguration(context));
  return withTenant(context, tenant, async ({ services }) => {
    if (start === true) {
      await startReconciliation(services, tenant.name, await actorOf(context, options));
      output.data({ started: tenant.name });
      output.line('A reconciliation begins within a minute; reconcile shows what it finds.');
      return undefined;
    }
    const found = await showReconciliation(services, tenant.name);
    output.data(found ?? null);
    if (found === undefined) {
      output.line('There was no reconciliation yet; reconcile --start begins one.');
      return undefined;
    }
    show(found, output);
    const { drifted, missed, foreigners } = found.counts;
    return drifted + missed + foreigners > 0 ? EXIT_FINDINGS : undefined;
  });
}

function show(
  { startedAt, finishedAt, agents, counts, drift, missing, foreign }: ReconciliationView,
  output: Output,
) {
  const end = finishedAt === undefined ? 'still under way' : `done at ${finishedAt}`;
  output.line(output.paint('bold', `Begun at ${startedAt}, ${end}: ${counted(agents, 'agent')} read`));
  output.line(
    `  ${counts.drifted} changed in SmartAssist, ${counts.missed} missing, ${counts.foreigners} of nobody here`,
  );
  for (const { userName, id, fields } of drift.slice(0, SHOWN)) {
    output.line(`  changed: ${userName ?? id}: ${fields.join(', ')}`);
  }
  for (const { userName, id } of missing.slice(0, SHOWN)) output.line(`  missing: ${userName ?? id}`);
  for (const id of foreign.slice(0, SHOWN)) output.line(`  of nobody: ${id}`);
  if (drift.length > 0)
    output.line('  retry <userName…>   writes what it should be; lifecycle.drift: repair does it by itself');
}
