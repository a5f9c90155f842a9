import type { Outlook } from '../../provision/forecast.ts';
import { type Html, html, NOTHING } from './html.ts';
import { counted, mark } from './shown.ts';
import { table } from './table.ts';

/** What becomes of people, as one reads on from "they". */
export const EFFECTS: Readonly<Record<string, string>> = {
  create: 'become agents',
  change: 'are changed',
  resume: 'come back into service',
  suspend: 'leave service',
  remove: 'are deleted in SmartAssist',
  fail: 'can not be as they are to be',
  wait: 'are not to be agents',
  untouched: 'stay as they are',
};

/** @param isDone false while not everybody has been looked at */
export function brakeLine({ brake }: Outlook, isDone: boolean): Html {
  if (brake.engaged)
    return html`<p>${mark('red')} The brake holds already: leavers wait until an operator decides.</p>`;
  if (brake.engages) {
    return html`<p>${mark('red')} The brake would hold: ${brake.leaving.toLocaleString('en')} would leave service, and ${brake.lets.toLocaleString('en')} may.</p>`;
  }
  return isDone
    ? html`<p>${mark('green')} The brake lets leavers through: ${brake.leaving} would leave service, and ${brake.lets.toLocaleString('en')} may.</p>`
    : NOTHING;
}

export function seatsLine({ seats }: Outlook): Html {
  if (seats === undefined) return NOTHING;
  return html`<p>${mark(seats.waiting > 0 ? 'amber' : 'green')} ${seats.inService.toLocaleString('en')} of ${counted(seats.of, 'seat')} are taken; ${counted(seats.waiting, 'person')} would wait for one.</p>`;
}

/** How many people what would happen to, with the calls and minutes that it takes. */
export function effectTable({ effects, calls, minutes }: Outlook): Html {
  const counts: Readonly<Record<string, number>> = effects;
  const rows = Object.entries(EFFECTS).map(([effect, words]) => ({ words, count: counts[effect] ?? 0 }));
  return html`<div class="narrow">${table(
    'What would happen',
    [
      { name: 'They', kind: 'name', cell: ({ words }) => html`${words}` },
      { name: 'People', kind: 'number', cell: ({ count }) => html`${count.toLocaleString('en')}` },
    ],
    rows.filter(({ count }) => count > 0),
  )}</div><p>${counted(calls, 'call')} to SmartAssist at the most, about ${counted(minutes, 'minute')}.</p>`;
}
