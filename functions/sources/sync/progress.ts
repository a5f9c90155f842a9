import { compact } from '../../runtime/compact.ts';
import type { RowResult } from './rows.ts';
import type { Counts, Finding, Finished, UnderWay } from './state.ts';

/** So many rows that an operator should look at are kept of a reading; the rest is counted. */
const MOST_FINDINGS = 200;
const WORTH_TELLING: ReadonlySet<string> = new Set(['ambiguous', 'unmatched', 'unusable', 'kept']);

/** What has been read so far, with what became of it. */
export function noted(
  { counts, findings, ...rest }: UnderWay,
  results: Iterable<readonly [id: string, result: RowResult]>,
): UnderWay {
  const after: Counts = { ...counts };
  const found: Finding[] = [...findings];
  for (const [id, { verdict, reason = '' }] of results) {
    after[verdict] = (after[verdict] ?? 0) + 1;
    if (WORTH_TELLING.has(verdict) && found.length < MOST_FINDINGS) {
      found.push({ what: verdict, id: id.slice(0, 200), reason: reason.slice(0, 300) });
    }
  }
  return { ...rest, counts: after, findings: found };
}

/** A reading that is over. */
export function finishedOf(
  { startedAt, rows, calls, counts, findings, spares }: UnderWay,
  now: number,
  reason: string | undefined,
): Finished {
  return {
    startedAt,
    finishedAt: new Date(now).toISOString(),
    outcome: reason === undefined ? 'complete' : 'incomplete',
    ...compact({ reason, spares }),
    rows,
    calls,
    counts,
    findings,
  };
}
