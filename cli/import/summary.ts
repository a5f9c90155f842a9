import { type Pause, whenDone } from '../../functions/operate/tenant/pause.ts';
import { compact } from '../../functions/runtime/compact.ts';
import type { DryRun } from '../../functions/sources/dry-run/overlay.ts';
import { type FailureGroup, failureLines, PlanGroups } from '../commands/configuration/plan-groups.ts';
import { counted, type Output, table } from '../output.ts';
import { type Counts, VERDICTS } from './checkpoint.ts';

/** What an import did, or would do. */
export function summarise(
  counts: Counts,
  {
    run,
    rejectFile,
    callsPerMinute,
    paused,
  }: {
    readonly run: DryRun | undefined;
    readonly rejectFile: string;
    readonly callsPerMinute: number;
    readonly paused?: Pause;
  },
  output: Output,
): void {
  const isDry = run !== undefined;
  const groups = new PlanGroups();
  for (const each of run?.foreseen ?? []) groups.add(each);
  const { failures: failed } = groups.end();
  output.data({
    applied: !isDry,
    ...counts,
    ...compact({
      rejects: counts.rejected > 0 ? rejectFile : undefined,
      effects: run?.effects,
      failed: failed.length === 0 ? undefined : failed,
    }),
  });
  const rows = VERDICTS.map((verdict) => [verdict, String(counts[verdict])]);
  for (const line of table(['what', 'lines'], rows)) output.line(line);
  output.line();
  if (counts.rejected > 0) output.line(`What was rejected, and why: ${rejectFile}`);
  if (run !== undefined) {
    showEffects(run, failed, output);
    output.line('Nothing was stored: this was a dry run. --apply stores.');
  } else if (counts.new + counts.changed === 0) output.line('Nothing was to be stored.');
  else {
    // As `plan` counts them: one call for a new agent, two for a change.
    const minutes = Math.ceil((counts.new + 2 * counts.changed) / callsPerMinute);
    const promise = `within about ${counted(minutes, 'minute')}, behind whoever joins meanwhile`;
    output.line(`Stored. Their agents follow ${whenDone(paused, promise)}`);
  }
}

/** What the mapping makes of those who would be new or changed. */
function showEffects({ effects }: DryRun, failed: readonly FailureGroup[], output: Output): void {
  if (effects === undefined) {
    output.line('What agents they would become is not known yet: --live asks SmartAssist for its names.');
    return;
  }
  const { create, resume, change, fail, wait, suspend, remove } = effects;
  output.line(
    `Agents: ${create} new, ${change} changed, ${resume} back, ${suspend + remove} out of service.`,
  );
  if (wait > 0) output.line(`${counted(wait, 'person')} would be none: provisionWhen does not hold.`);
  if (fail > 0) output.line(output.paint('red', `${counted(fail, 'person')} would fail:`));
  for (const line of failureLines(failed)) output.line(line);
}
