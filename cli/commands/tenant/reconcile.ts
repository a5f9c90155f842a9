import {
  type ReconciliationView,
  showReconciliation,
  startReconciliation,
} from '../../../functions/operate/reconciliation/view.ts';
import { whenDone } from '../../../functions/operate/tenant/pause.ts';
import { compact } from '../../../functions/runtime/compact.ts';
import {
  type CommandContext,
  chooseTenant,
  readConfiguration,
  withTenantInForce,
} from '../../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../../failure.ts';
import { actorOf } from '../../operator/actor.ts';
import { assertWhole } from '../../operator/whole.ts';
import { counted, type Output } from '../../output.ts';
import { adopt, type DecideOptions, ignore, repair } from './reconcile-decide.ts';

export type ReconcileDecision = 'show' | 'repair' | 'adopt' | 'ignore';

export interface ReconcileOptions extends DecideOptions {
  readonly start?: true;
}

const SHOWN = 50;
/**
 * `reconcile [show|repair|adopt|ignore] [names…]`: what the last reconciliation found, or a decision about it; `--start` has
 * one begun. Ends with 1 where something is open, or was not done.
 */
export async function reconcileCommand(
  context: CommandContext,
  decision: ReconcileDecision,
  names: readonly string[],
  options: ReconcileOptions,
  output: Output,
): Promise<number | undefined> {
  const tenant = chooseTenant(context, readConfiguration(context));
  if (decision === 'show') assertWhole('reconcile', ...names);
  return withTenantInForce(context, tenant, async (opened) => {
    const { services, provisioning, paused } = opened;
    if (options.start === true) {
      await startReconciliation(services, tenant.name, await actorOf(context, options));
      output.data({ started: tenant.name, ...compact({ paused }) });
      output.line(`A reconciliation begins ${whenDone(paused, 'within a minute')}`);
      output.line('  reconcile   shows what it finds');
      return undefined;
    }
    if (decision === 'adopt') return await adopt(context, opened, names, options, output);
    const found = await showReconciliation(services, provisioning);
    if (decision !== 'show') {
      if (found === undefined) throw new CommandFailure(NONE);
      return decision === 'repair'
        ? await repair(context, opened, found, names, options, output)
        : await ignore(context, opened, found, names, options, output);
    }
    output.data(found ?? null);
    if (found === undefined) {
      output.line(NONE);
      return undefined;
    }
    show(found, output);
    return found.open > 0 ? EXIT_FINDINGS : undefined;
  });
}

const NONE = 'There was no reconciliation yet; reconcile --start begins one.';

function show(found: ReconciliationView, output: Output) {
  const { startedAt, finishedAt, agents, counts, drift, missing, foreign, open } = found;
  const end = finishedAt === undefined ? 'still under way' : `done at ${finishedAt}`;
  output.line(output.paint('bold', `Begun at ${startedAt}, ${end}: ${counted(agents, 'agent')} read`));
  const ignored = counts.ignored === 0 ? '' : `, ${counts.ignored} ignored`;
  output.line(
    `  ${counts.drifted} changed in SmartAssist, ${counts.missed} missing, ${counts.foreigners} of nobody here${ignored}`,
  );
  for (const each of drift.slice(0, SHOWN)) showDrift(each, output);
  if (drift.length > 0) {
    output.line('  SmartAssist says when an agent was changed last, and not by whom; its own audit log may.');
  }
  for (const { userName, id, now } of missing.slice(0, SHOWN)) {
    output.line(`  missing: ${userName ?? id}${SINCE[now]}`);
  }
  for (const { agentId, emailId, now } of foreign.slice(0, SHOWN)) {
    output.line(`  of nobody: ${agentId}${emailId === undefined ? '' : ` ${emailId}`}${SINCE[now]}`);
  }
  const more = [drift, missing, foreign].some(({ length }) => length > SHOWN);
  if (more) output.line(`  … of each the first ${SHOWN}; --json has up to 500`);
  if (open === 0) return;
  if (drift.some(({ now }) => now === 'open')) {
    output.line(
      '  reconcile repair <names…>   writes what they should be; lifecycle.drift: repair does it by itself',
    );
  }
  if (foreign.some(({ now }) => now === 'open')) {
    output.line('  reconcile adopt <agent id> --as <name>   makes it the agent of a person who has none');
  }
  output.line('  reconcile ignore <names…>   leaves them as they are, and tells no more of them');
}

function showDrift(
  { userName, id, fields, now, values = [], changedAt, appliedAt }: ReconciliationView['drift'][number],
  output: Output,
) {
  output.line(`  changed: ${userName ?? id}: ${fields.join(', ')}${SINCE[now]}`);
  for (const { field, ours, theirs } of values) {
    output.line(`    ${field}: ${ours} here, ${theirs} in SmartAssist`);
  }
  if (changedAt === undefined) return;
  const written = appliedAt === undefined ? '' : `; written from here at ${appliedAt}`;
  output.line(`    changed last at ${changedAt}${written}`);
}

const SINCE = {
  open: '',
  due: ' (under way)',
  over: ' (done since)',
  ignored: ' (ignored)',
} as const;
