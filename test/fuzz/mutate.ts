import type { Dice } from '../simulation/dice.ts';

/** An input grows no longer: what a front door reads at most, and a little more, is in reach. */
export const LONGEST = 1_200_000;
const MOST_COPIES = 200_000;

/** What readers give a meaning, and what is at the edge of one. */
const TOKENS = [
  ...[
    '{',
    '}',
    '[',
    ']',
    '(',
    ')',
    '"',
    "'",
    '\\',
    ':',
    ',',
    '.',
    '/',
    '//',
    '?',
    '#',
    '&',
    '=',
    '%',
    '+',
    ';',
    '|',
  ],
  ...[
    '\n',
    '\r\n',
    '\t',
    ' ',
    '\u0000',
    '\u001b[2J',
    '\u202e',
    '\ufeff',
    '\ud800',
    '\udfff',
    '🙂',
    'é',
    '\u2028',
  ],
  ...[
    'null',
    'true',
    'false',
    '0',
    '-1',
    '1e999',
    '9007199254740993',
    'NaN',
    '""',
    '[]',
    '{}',
    '"__proto__":1',
  ],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'length',
    '$ref',
    'and',
    'or',
    'not',
    'eq',
    'pr',
    'co',
  ],
  ...[
    'userName',
    'emails[type eq "work"].value',
    'urn:ietf:params:scim:schemas:core:2.0:User:',
    'bulkId:1',
    '..',
    '.',
  ],
  ...[
    '<a>',
    '</a>',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<!DOCTYPE a [<!ENTITY b "c">]>',
    '&b;',
    '&#0;',
    '&#x41;',
  ],
  ...[
    'a[b][c]',
    'a[]',
    '%00',
    '%ff',
    '%2e%2e',
    '*a',
    '&a',
    '<<',
    '!!js/function',
    '---',
    '- ',
    '? ',
    '| ',
    '> ',
  ],
  ...['9999-12-31T23:59:59.999999999Z', '2026-02-30T00:00:00Z', '-000001-01-01T00:00:00Z', 'Bearer ', 'eyJ'],
];

/** Small numbers more often than large ones. */
const lengthBy = (dice: Dice, longest: number) => Math.floor(longest ** dice.next());

type Mutation = (text: string, dice: Dice, others: readonly string[], longest: number) => string;

const cutAt = (text: string, dice: Dice): [string, string, string] => {
  const from = dice.whole(0, text.length);
  const to = Math.min(text.length, from + lengthBy(dice, Math.max(2, text.length - from + 1)));
  return [text.slice(0, from), text.slice(from, to), text.slice(to)];
};

/** How one text becomes another. */
const MUTATIONS: readonly Mutation[] = [
  (text, dice) => {
    const [before, , after] = cutAt(text, dice);
    return before + after;
  },
  (text, dice) => {
    const [before, , after] = cutAt(text, dice);
    return before + dice.pick(TOKENS) + after;
  },
  (text, dice) => {
    const [before, part, after] = cutAt(text, dice);
    return before + dice.pick(TOKENS) + part + dice.pick(TOKENS) + after;
  },
  // Repeated parts are how small requests cost much: nesting, long lists, long names.
  (text, dice, _, longest) => {
    const [before, part, after] = cutAt(text, dice);
    const unit = part === '' ? dice.pick(TOKENS) : part;
    return before + unit.repeat(copiesOf(unit, dice, longest)) + after;
  },
  (text, dice, _, longest) => {
    const [before, , after] = cutAt(text, dice);
    const unit = dice.pick(TOKENS);
    return before + unit.repeat(copiesOf(unit, dice, longest)) + after;
  },
  (text, dice) => {
    const [before, part, after] = cutAt(text, dice);
    const [open, close] = dice.pick([
      ['[', ']'],
      ['{"a":', '}'],
      ['(', ')'],
      ['<a>', '</a>'],
      ['not (', ')'],
      ['"', '"'],
    ] as const);
    const times = lengthBy(dice, 2_000);
    return before + open.repeat(times) + part + close.repeat(times) + after;
  },
  (text, dice) => {
    const [before, , after] = cutAt(text, dice);
    return before + String.fromCharCode(dice.whole(0, dice.pick([127, 255, 65_535]))) + after;
  },
  (text, dice, others) => {
    const [before] = cutAt(text, dice);
    const [, , after] = cutAt(dice.pick(others), dice);
    return before + after;
  },
  (text, dice) => {
    const [before, part, after] = cutAt(text, dice);
    return before + Array.from(part).reverse().join('') + after;
  },
  // A value of another kind in the place of a string or number.
  (text, dice) => {
    const values = [...text.matchAll(/"[^"]{0,200}"|\d+|true|false|null/g)];
    if (values.length === 0) return text;
    const { index, 0: value } = dice.pick(values);
    return text.slice(0, index) + dice.pick(TOKENS) + text.slice(index + value.length);
  },
];

const copiesOf = (unit: string, dice: Dice, longest: number) =>
  lengthBy(dice, Math.max(2, Math.min(MOST_COPIES, Math.floor(longest / unit.length))));

/** A text made of one of the seeds by a few changes; now and then of several, and now and then the seed itself. */
export function mutated(seeds: readonly string[], dice: Dice, longest = LONGEST): string {
  let text = dice.pick(seeds);
  const changes = dice.whole(0, 5);
  for (let change = 0; change < changes; change += 1) {
    text = dice.pick(MUTATIONS)(text, dice, seeds, longest).slice(0, longest);
  }
  return text;
}
