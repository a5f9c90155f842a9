import { CsvError, parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type CsvRecord,
  type Delimiter,
  delimiterOf,
  readHeader,
  recordsOf,
} from '../../functions/providers/file/csv.ts';
import { type Line, linesOf } from '../../functions/providers/file/lines.ts';

/** Bytes as a file gives them: in pieces that mind neither lines nor characters. */
async function* pieces(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (let index = 0; from < bytes.length; index += 1) {
    const size = sizes[index % sizes.length] ?? bytes.length;
    yield bytes.subarray(from, from + size);
    from += size;
  }
}

async function gather<T>(values: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const value of values) all.push(value);
  return all;
}

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

async function linesIn(text: string | Uint8Array, sizes: readonly number[] = [7]): Promise<Line[]> {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  return gather(linesOf(pieces(bytes, sizes)));
}

async function recordsIn(
  text: string,
  delimiter: Delimiter = ',',
  sizes?: readonly number[],
): Promise<CsvRecord[]> {
  const lines = await linesIn(text, sizes);
  return gather(recordsOf(each(lines), delimiter));
}

const sizes = fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 5 });

describe('lines', () => {
  it('are the same however the bytes come in, and whatever ends them', async () => {
    const text = fc.string({ unit: 'binary' }).map((line) => line.replace(/[\r\n\uFEFF]/g, '·'));
    const end = fc.constantFrom('\n', '\r\n', '\r');
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1 }), end, sizes, async (texts, ending, some) => {
        const read = await linesIn(`\uFEFF${texts.map((line) => line + ending).join('')}`, some);
        expect(read).toEqual(texts.map((line, index) => ({ number: index + 1, text: line })));
      }),
    );
  });

  it('need no end at the end of the file', async () => {
    expect(await linesIn('a\nb')).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: 'b' },
    ]);
    expect(await linesIn('')).toEqual([]);
  });

  it('are a problem where they are not UTF-8, also when they break off within a character', async () => {
    const bytes = Uint8Array.from([...Buffer.from('good\nb\u00E9', 'utf8')]).subarray(0, -1);
    expect(await linesIn(bytes)).toEqual([
      { number: 1, text: 'good' },
      { number: 2, text: '', problem: expect.stringContaining('not UTF-8') },
    ]);
  });

  it('are counted right behind one that is too long', async () => {
    const long = 'x'.repeat(1_000_001);
    expect(await linesIn(`a\n${long}\r\nb\n${long}`, [65_536])).toEqual([
      { number: 1, text: 'a' },
      { number: 2, text: '', problem: 'The line is longer than 1000000 characters.' },
      { number: 3, text: 'b' },
      { number: 4, text: '', problem: 'The line is longer than 1000000 characters.' },
    ]);
    expect(await linesIn(`${'x'.repeat(1_000_000)}\n`, [65_536])).toEqual([
      { number: 1, text: 'x'.repeat(1_000_000) },
    ]);
  });
});

describe('records', () => {
  it('have the fields that were written, in quotes or not, with any text in them', async () => {
    const field = fc
      .string({
        unit: fc.oneof(
          fc.constantFrom('"', ',', ';', '\n', 'a', ' '),
          fc.string({ minLength: 1, maxLength: 1 }),
        ),
      })
      .map((text) => text.replace(/[\uFEFF\r]/g, '·'));
    const table = fc
      .integer({ min: 1, max: 4 })
      .chain((width) =>
        fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 1, maxLength: 8 }),
      );
    const delimiters = fc.constantFrom<Delimiter>(',', ';', '\t');
    await fc.assert(
      fc.asyncProperty(table, delimiters, fc.boolean(), sizes, async (rows, delimiter, always, some) => {
        const isQuoted = (text: string) => always || /["\n,;\t]/.test(text);
        const written = rows.map((row) =>
          row.map((text) => (isQuoted(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(delimiter),
        );
        const read = await recordsIn(`${written.join('\r\n')}\r\n`, delimiter, some);
        // Blanks around what is not in quotes are of the layout.
        const kept = rows.map((row) => row.map((text) => (isQuoted(text) ? text : text.trim())));
        const full = kept.filter((row) => row.some((text) => text !== ''));
        expect(read.map((record) => ('fields' in record ? record.fields : record.problem))).toEqual(full);
      }),
    );
  });

  it('end where the parser says, which reads them anew with each line', async () => {
    const text = fc.string({ unit: fc.constantFrom('"', '"', ',', 'a', ' ', '\n'), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(text, async (written) => {
        const isOpen = (lines: string) => {
          try {
            parse(lines, { record_delimiter: ['\n'], relax_column_count: true });
            return false;
          } catch (error) {
            return error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED';
          }
        };
        const ends: [number, number][] = [];
        let open: string[] = [];
        for (const [index, line] of written.split('\n').entries()) {
          if (open.length === 0 && line.trim() === '') continue;
          open.push(line);
          if (isOpen(open.join('\n'))) continue;
          ends.push([index + 2 - open.length, index + 1]);
          open = [];
        }
        const found = (await recordsIn(written))
          .filter((record) => !('problem' in record && record.problem.includes('before the file ends')))
          .map(({ line, lastLine = line }) => [line, lastLine]);
        // Records without any value are passed over.
        expect(ends).toEqual(expect.arrayContaining(found));
        const valued = ends.filter(([from, to]) =>
          /[a]/.test(
            written
              .split('\n')
              .slice(from - 1, to)
              .join(),
          ),
        );
        expect(found).toEqual(expect.arrayContaining(valued));
      }),
      { numRuns: 1_000 },
    );
  });

  it('say in which lines they stand', async () => {
    expect(await recordsIn('\na,b\n"c\n\nd",e\n\nf,"g"\n')).toEqual([
      { line: 2, fields: ['a', 'b'] },
      { line: 3, lastLine: 5, fields: ['c\n\nd', 'e'] },
      { line: 7, fields: ['f', 'g'] },
    ]);
  });

  it('take lines that nobody can tell apart along, and no more', async () => {
    expect(await recordsIn('a,b\n"c,d\ne,"f"\ng,h\n')).toEqual([
      { line: 1, fields: ['a', 'b'] },
      { line: 2, lastLine: 3, problem: expect.stringMatching(/^A field goes on behind its closing quote/) },
      { line: 4, fields: ['g', 'h'] },
    ]);
  });

  it('that go over a line of other bytes are one problem', async () => {
    const text = Buffer.concat([
      Buffer.from('"a\n'),
      Buffer.from('\u00E9\n', 'latin1'),
      Buffer.from('b,c\n'),
    ]);
    const lines = await linesIn(text);
    const records = recordsOf(each(lines), ',');
    expect(await gather(records)).toEqual([
      { line: 1, lastLine: 2, problem: expect.stringContaining('not UTF-8') },
      { line: 3, fields: ['b', 'c'] },
    ]);
  });
});

describe('a header', () => {
  it.each<[string, Delimiter]>([
    ['userName', ','],
    ['userName,title', ','],
    ['userName;title', ';'],
    ['userName\ttitle\tactive', '\t'],
    ['Login;"Name, given";Title', ';'],
  ])('%j says what parts the fields', (header, delimiter) => {
    expect(delimiterOf(header)).toBe(delimiter);
  });

  it('may have paths with filters in it, written as a spreadsheet does and by hand', () => {
    const path = 'emails[type eq "work"].value';
    expect(readHeader(`userName, ${path} ,"emails[type eq ""work""].value"`, ',')).toEqual({
      names: ['userName', path, path],
    });
  });

  it('with a quote that is not closed has a problem', () => {
    expect(readHeader('userName,"title', ',')).toEqual({ problem: expect.stringContaining('not closed') });
  });
});
