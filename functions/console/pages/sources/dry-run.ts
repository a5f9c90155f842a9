import type { SourceView } from '../../../operate/sources.ts';
import { VERDICT_TEXT } from '../../../operate/verdict-text.ts';
import type { Seen } from '../../../sources/dry-run/dry-run.ts';
import type { RowVerdict } from '../../../sources/sync/state.ts';
import { type Html, html, NOTHING } from '../../view/html.ts';
import { brakeLine, effectTable, seatsLine } from '../../view/outlook.ts';
import { counted, mark, text, time } from '../../view/shown.ts';
import { table } from '../../view/table.ts';

/** More rows that an operator should look at are counted. */
const SHOWN = 50;

/** What reading a source would do: as far as it is, and then all of it. */
export function dryRunSection({ state, dryRun }: SourceView): Html {
  const { running, last } = dryRun;
  const wanted = state.dryRunWanted;
  if (wanted === undefined && last === undefined) return NOTHING;
  return html`<section aria-labelledby="dry-run"><h2 id="dry-run">Dry run</h2>${wanted === undefined ? NOTHING : underWay(running, wanted)}${last === undefined ? NOTHING : shown(last)}</section>`;
}

function underWay(
  running: SourceView['dryRun']['running'],
  wanted: NonNullable<SourceView['state']['dryRunWanted']>,
): Html {
  if (running === undefined) {
    return html`<p>${mark('amber')} ${text(wanted.by)} asked for one, ${time(wanted.at)}. It begins within a minute.</p>`;
  }
  const { rows, total } = running;
  return html`<p>Under way: <strong>${rows.toLocaleString('en')}${total === undefined ? NOTHING : html` of ${total.toLocaleString('en')}`}</strong> ${rows === 1 && total === undefined ? 'row' : 'rows'} so far.${total === undefined ? NOTHING : html` <progress max="${total}" value="${Math.min(rows, total)}" aria-label="Rows read"></progress>`}</p>`;
}

function shown({ at, by, seen, problem }: NonNullable<SourceView['dryRun']['last']>): Html {
  const head = html`<p>The last one ended ${time(at)}; ${text(by)} had asked for it. Nothing was stored.</p>`;
  return seen === undefined
    ? html`${head}<p class="notice red">It did not come to its end: ${text(problem, 400)}</p>`
    : html`${head}${seenBody(seen)}`;
}

function seenBody({ kind, finished, outlook, failing = [], lost }: Seen): Html {
  const { counts, rows, calls, reason, spares, findings } = finished;
  const verdicts = (Object.keys(VERDICT_TEXT) as RowVerdict[]).filter((each) => (counts[each] ?? 0) > 0);
  return html`${lost === undefined ? NOTHING : html`<p>${text(lost, 300)}: everybody is read.</p>`}
${reason === undefined ? NOTHING : html`<p class="notice red">Incomplete, so nobody would leave by being missing: ${text(reason, 400)}</p>`}
${spares === undefined ? NOTHING : html`<p>Nobody would leave by being missing: ${text(spares, 200)}.</p>`}
${table(
  `What it would find (${kind}): ${counted(rows, 'row')} in ${counted(calls, 'call')}`,
  [
    { name: 'Row', cell: (verdict) => html`${verdict}` },
    {
      name: 'People',
      kind: 'number',
      cell: (verdict) => html`${(counts[verdict] ?? 0).toLocaleString('en')}`,
    },
    { name: 'Which are', kind: 'why', cell: (verdict) => html`${VERDICT_TEXT[verdict]}` },
  ],
  verdicts,
)}
${outlook === undefined ? html`<p>What the agents would become is not known yet: SmartAssist’s names are read with the first agent, or by the command <code>sync --live</code>.</p>` : html`${effectTable(outlook)}${brakeLine(outlook, true)}${seatsLine(outlook)}`}
${
  failing.length === 0
    ? NOTHING
    : table(
        'Who can not be as they are to be',
        [
          { name: 'Person', kind: 'name', cell: ({ userName }) => text(userName, 200) },
          { name: 'Why', kind: 'why', cell: ({ problem }) => text(problem, 400) },
        ],
        failing,
      )
}
${
  findings.length === 0
    ? NOTHING
    : html`${table(
        'Rows to look at',
        [
          { name: 'Row', cell: ({ what }) => html`${what}` },
          { name: 'Id at the source', kind: 'name', cell: ({ id }) => text(id, 200) },
          { name: 'Why', kind: 'why', cell: ({ reason: why }) => text(why, 300) },
        ],
        findings.slice(0, SHOWN),
      )}${findings.length > SHOWN ? html`<p>and ${findings.length - SHOWN} more</p>` : NOTHING}`
}`;
}
