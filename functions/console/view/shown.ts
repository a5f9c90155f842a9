import { printable, printableLines } from '../../runtime/printable.ts';
import { type Html, html } from './html.ts';

/** More of a text is not shown in a list. */
const LONGEST = 120;

/**
 * Text from outside as it is shown: control characters and what turns the direction of writing are written out, so that no
 * name can look like another one, and what is too long for its place is cut.
 */
export function text(value: unknown, longest = LONGEST): Html {
  return html`<bdi>${plain(value, longest)}</bdi>`;
}

/** The same where no element may stand: in titles and fields. */
export function plain(value: unknown, longest = LONGEST): string {
  return cut(printable(String(value ?? '').toWellFormed()), longest);
}

/** Text with lines of its own, as in a field of several lines. */
export function lines(of: string, longest: number): string {
  return cut(printableLines(of.replaceAll('\r\n', '\n').toWellFormed()), longest);
}

/** A value of any kind as JSON has it, texts as they are. */
export function value(of: unknown, longest = 400): Html {
  if (typeof of === 'string') return text(of, longest);
  return of === undefined ? html`<span class="quiet">nothing</span>` : text(JSON.stringify(of), longest);
}

function cut(whole: string, longest: number): string {
  if (whole.length <= longest) return whole;
  return `${whole.slice(0, longest).toWellFormed()}… (${whole.length} characters)`;
}

/** A moment: in UTC as it is written, in the reader's zone where the script runs; exact on hover. */
export function time(iso: string | undefined): Html {
  if (iso === undefined || Number.isNaN(Date.parse(iso))) return html`<span class="quiet">never</span>`;
  const exact = new Date(iso).toISOString();
  const shown = `${exact.slice(0, 10)} ${exact.slice(11, 16)} UTC`;
  return html`<time datetime="${exact}" title="${exact}">${shown}</time>`;
}

const UNITS = [
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second'],
] as const;

/** Milliseconds in the largest unit that they fill. */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1_000));
  const [length, name] = UNITS.find(([each]) => seconds >= each) ?? [1, 'second'];
  return counted(Math.floor(seconds / length), name);
}

export function counted(count: number, one: string, many = one === 'person' ? 'people' : `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

const MARKS = { red: '✗', amber: '!', green: '✓' } as const;
export type Colour = keyof typeof MARKS;
const SAID = { red: 'Wrong', amber: 'Worth a look', green: 'Right' } as const;

/** A colour with its sign and its word: colour alone tells nothing to some. */
export function mark(colour: Colour): Html {
  return html`<span class="mark ${colour}" role="img" aria-label="${SAID[colour]}">${MARKS[colour]}</span>`;
}

const STATE_COLOURS: Readonly<Record<string, Colour>> = {
  failed: 'red',
  held: 'red',
  due: 'amber',
  provisioned: 'green',
};

/** Where an agent stands, as a label. */
export function state(of: string): Html {
  return html`<span class="state ${STATE_COLOURS[of] ?? 'plain'}">${of}</span>`;
}
