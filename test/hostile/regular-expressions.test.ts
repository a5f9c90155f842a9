import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAst } from 'vitest/node';
import { MAX_RATIO } from './work.ts';

interface Found {
  readonly file: string;
  readonly pattern: string;
  readonly flags: string;
}

const ROOT = join(import.meta.dirname, '../..');

/** Every regular expression of the product's own source: literals, and those that `new RegExp` makes of a constant. */
function everyExpression(): Found[] {
  return ['functions', 'cli', 'local'].flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) => expressionsIn(join(folder, name))),
  );
}

function expressionsIn(file: string): Found[] {
  const found: Found[] = [];
  const visit = (node: object) => {
    if ('regex' in node) found.push({ file, ...(node.regex as { pattern: string; flags: string }) });
    for (const value of Object.values(node)) if (typeof value === 'object' && value !== null) visit(value);
  };
  visit(parseAst(readFileSync(join(ROOT, file), 'utf8'), { lang: 'ts' }));
  return found;
}

const CHARACTERS = [...'aA0 \n/.-_"\\=,:;([{}])+<>@%?#&\'$é!'];
const ENDS = ['', '\n\u0000', '" x'];
/** Long enough that the square of it is thousands of times it; the first is for what doubles with each character. */
const LENGTHS = [22, 3_000, 20_000];

/** The runs of plain characters in a pattern, in their order. */
function literalsOf(pattern: string): string[] {
  const plain = pattern
    .replace(/\[(?:[^\]\\]|\\.)*\]/g, '\u0001')
    .replace(/\\[dDwWsSbBpPk](?:\{[^}]*\})?/g, '\u0001')
    .replace(/\\(.)/g, '§$1')
    .replace(/\{\d+(?:,\d*)?\}/g, '\u0001')
    .replace(/\(\?(?:<?[=!]|:|<\w+>)/g, '\u0001')
    .replace(/(?<!§)[()|*+?^$.[\]]/g, '\u0001')
    .replaceAll('§', '');
  return plain.split('\u0001').filter((run) => run !== '');
}

/** Texts that make an expression try again and again: what it names, repeated, behind what it wants to see first. */
function attacksOn(pattern: string, length: number): string[] {
  const literals = [...new Set(literalsOf(pattern))].slice(0, 6);
  const units = new Set([...CHARACTERS, ...literals]);
  for (const literal of literals) {
    for (const other of ['a', ' ', '"', ...literals]) units.add(literal + other);
  }
  const begun = literals.map((_, index) => literals.slice(0, index + 1).join(''));
  const starts = new Set(['', ...begun, ...begun.map((start) => `a${start}`)]);
  return [...units].flatMap((unit) => {
    const run = unit.repeat(Math.ceil(length / unit.length));
    return [...starts].flatMap((start) => ENDS.map((end) => start + run + end));
  });
}

/** No pause of the garbage collector, and no compiling of an expression, lasts as long. */
const PAUSE_MS = 500;

/** Milliseconds of this thread alone, whatever else the machine does. */
function timeOf(expression: RegExp, text: string): number {
  const before = process.threadCpuUsage();
  if (expression.global) text.replace(expression, '');
  else expression.exec(text);
  expression.lastIndex = 0;
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1_000;
}

/** What reading each character of a text once takes, in milliseconds; a clock can't tell less than the least. */
const LINEAR = new Map(
  LENGTHS.map((length) => {
    const text = 'a'.repeat(length);
    const times = Array.from({ length: 20 }, () => timeOf(/(?:[^"\\]|\\.)*$/s, text));
    return [length, Math.max(0.1, ...times.toSorted((a, b) => a - b).slice(5, 6))] as const;
  }),
);

/** The attack that takes too long, and how many times as long as reading the text once. */
function slowestOf({
  pattern,
  flags,
}: Pick<Found, 'pattern' | 'flags'>): { ratio: number; text: string } | undefined {
  const expression = new RegExp(pattern, flags);
  for (const [length, linear] of LINEAR) {
    for (const text of attacksOn(pattern, length)) {
      let took = timeOf(expression, text);
      for (let again = 0; took > MAX_RATIO * linear && took < PAUSE_MS && again < 2; again += 1) {
        took = Math.min(took, timeOf(expression, text));
      }
      if (took > MAX_RATIO * linear) return { ratio: Math.round(took / linear), text: text.slice(0, 40) };
    }
  }
  return undefined;
}

const isBounded = ({ pattern }: Found) => !/[*+]|\{\d+,\}/.test(pattern);

describe('regular expressions', () => {
  const all = everyExpression();

  it('are found', () => {
    expect(all.length).toBeGreaterThan(100);
  });

  it.each([
    ['nested repetition', '^(a+)+$'],
    ['two repetitions of the same', '^([\\w-]+)=(.*?)\\s*;$'],
    ['a repetition that begins anywhere', '=+$'],
    ['a word that begins anywhere', 'eyJ[\\w-]+\\.'],
    ['a string that does not end', '"(?:[^"\\\\]|\\\\.)*"'],
  ])('with %s are told', (_, pattern) => {
    expect(slowestOf({ pattern, flags: '' })).toBeDefined();
  });

  it('read a text about once, whatever it is', { timeout: 120_000 }, () => {
    const slow = all
      .filter((each) => !isBounded(each))
      .flatMap((each) => {
        const slowest = slowestOf(each);
        return slowest === undefined ? [] : [{ ...each, ...slowest }];
      });
    expect(slow).toEqual([]);
  });
});
