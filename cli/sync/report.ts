import { VERDICT_TEXT } from '../../functions/operate/verdict-text.ts';
import type { Failing } from '../../functions/sources/dry-run/dry-run.ts';
import type { Finished, RowVerdict, SyncState } from '../../functions/sources/sync/state.ts';
import { counted, type Output, table } from '../output.ts';

const SHOWN = 20;

/** What became of the rows of a reading, and those that an operator should look at. */
export function showReading(
  { rows, calls, counts, findings, reason, spares }: Finished,
  output: Output,
): void {
  const lines = Object.entries(VERDICT_TEXT).flatMap(([verdict, means]) => {
    const count = counts[verdict as RowVerdict] ?? 0;
    return count === 0 ? [] : [[verdict, String(count), means]];
  });
  for (const line of table(['row', 'people', 'which are'], lines)) output.line(line);
  output.line();
  output.line(`${counted(rows, 'row')} in ${counted(calls, 'call')}.`);
  if (reason !== undefined) {
    output.line(output.paint('red', `Incomplete, so nobody leaves by being missing: ${reason}.`));
  }
  if (spares !== undefined) output.line(output.paint('yellow', `Nobody leaves by being missing: ${spares}.`));
  if (findings.length === 0) return;
  output.line();
  for (const { what, id, reason: why } of findings.slice(0, SHOWN)) output.line(`  ${what}  ${id}: ${why}`);
  if (findings.length > SHOWN) output.line(`  … and ${findings.length - SHOWN} more (--json shows them)`);
}

/** Who fails, and why. */
export function showFailing(failing: readonly Failing[], count: number, output: Output): void {
  for (const { userName, problem } of failing.slice(0, SHOWN)) {
    output.line(output.paint('red', '  fail'), `  ${userName}: ${problem}`);
  }
  const shown = Math.min(SHOWN, failing.length);
  if (count > shown) output.line(`  … and ${count - shown} more to fail (--json shows the first 50)`);
}

/** What is stored of a reading that was to be stored. */
export function showStored({ outcome, rows }: Finished, output: Output): void {
  if (outcome === 'complete') output.line('Stored. Agents follow, behind whoever joins meanwhile.');
  else if (rows === 0) output.line('Nothing was read, so nothing was stored.');
  else output.line('What was read is stored as far as it goes; everybody else stays as they are.');
}

/**
 * That the brake holds from before.
 *
 * @param held how many wait; undefined while it does not hold
 * @param leaving how many more would leave service
 */
export function showHeld(held: number | undefined, leaving: number, output: Output): void {
  if (held === undefined) return;
  const more = leaving === 0 ? '' : `, and ${leaving} more would`;
  const line = `The brake holds already: ${counted(held, 'person')} ${held === 1 ? 'waits' : 'wait'} for a decision${more} (brake shows them).`;
  output.line(output.paint('red', line));
}

/** How the reading of a source stands, in a line of a table. */
export function rowOf(name: string, preset: string, isOn: boolean, state: SyncState): string[] {
  const { initial, delta, full, underWay, problem } = state;
  const last = (finished: Finished | undefined) =>
    finished === undefined ? '—' : `${finished.startedAt.slice(0, 16)}Z ${finished.outcome}`;
  return [
    name,
    preset,
    conditionOf(isOn, state),
    last(initial),
    last(delta),
    last(full),
    underWay === undefined
      ? (problem?.reason ?? '')
      : `${underWay.kind}: ${counted(underWay.rows, 'row')} so far`,
  ];
}

function conditionOf(isOn: boolean, { dryRunAt, initial, failures }: SyncState): string {
  if (!isOn) return 'off';
  if (dryRunAt === undefined) return 'waits for a dry run';
  if (initial?.outcome !== 'complete') return 'waits for --apply';
  return failures === undefined ? 'on' : `failed ${counted(failures, 'time')}`;
}
