import type { HistoryEntry } from '../../directory/history.ts';
import { type Html, html, NOTHING } from './html.ts';
import { text, time, value } from './shown.ts';

/** What happened, newest first: entries of one request or event stand together, in the order in which they came to be. */
export function timeline(entries: readonly HistoryEntry[]): Html {
  const groups: HistoryEntry[][] = [];
  for (const entry of entries) {
    const last = groups.at(-1);
    const same = typeof entry.correlationId === 'string' && last?.[0]?.correlationId === entry.correlationId;
    if (same) last?.push(entry);
    else groups.push([entry]);
  }
  return html`<ol class="timeline">${groups.map((group) => html`<li class="${colourOf(group[0])}">${group.toReversed().map(entryOf)}</li>`)}</ol>`;
}

const COLOURS: Readonly<Record<string, string>> = {
  created: 'green',
  updated: 'green',
  adopted: 'green',
  resumed: 'green',
  refused: 'red',
  invalid: 'red',
  taken: 'red',
};

function colourOf(entry: HistoryEntry | undefined): string {
  return COLOURS[String(entry?.what)] ?? '';
}

/** One attempt or action: what, from which source or operator, why, and the calls that it took. */
function entryOf({ at, what, source, message, problems, changed, reasons, calls, code }: HistoryEntry): Html {
  const steps = [
    changed === undefined ? undefined : html`changed ${value(changed)}`,
    code === undefined ? undefined : text(code),
    message === undefined ? undefined : text(message, 800),
    problems === undefined ? undefined : value(problems, 800),
    reasons === undefined
      ? undefined
      : html`<details><summary>rules</summary>${value(reasons, 2_000)}</details>`,
    ...(Array.isArray(calls) ? calls.map((call) => html`call <code>${text(call, 200)}</code>`) : []),
  ].filter((step) => step !== undefined);
  return html`<div><strong>${text(what)}</strong> <span class="quiet">from ${text(source)}, ${time(at)}</span></div>${steps.length === 0 ? NOTHING : html`<ol>${steps.map((step) => html`<li>${step}</li>`)}</ol>`}`;
}
