import { afterEach, describe, expect, it, vi } from 'vitest';
import { openOutput, table } from '../../cli/output.ts';
import { jsonLog } from '../../functions/lambda/json-log.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { consoleLog } from '../../local/console-log.ts';

/** Each character that a terminal obeys, and each that turns the direction of writing. */
const OBEYED = [
  ...Array.from({ length: 32 }, (_, code) => code),
  ...Array.from({ length: 33 }, (_, index) => 0x7f + index),
  ...[0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069],
].map((code) => String.fromCharCode(code));
const HOSTILE = `a${OBEYED.join('')}b`;
/** Names that look alike or are rare, and harm nothing. */
const HARMLESS = 'Zoë O’Brien, 王小明, מִרְיָם, نور, 🙂, a\u00a0b';

const obeyedIn = (text: string) => OBEYED.filter((character) => text.includes(character));

/** What is written to a stream meanwhile. */
function written(name: 'stdout' | 'stderr', work: () => void): string {
  let text = '';
  vi.spyOn(process[name], 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  work();
  vi.restoreAllMocks();
  return text;
}

afterEach(() => vi.restoreAllMocks());

describe("others' text", () => {
  it('is one line of a command, whatever is in it', () => {
    const { line, paint } = openOutput(false);
    for (const text of [
      written('stdout', () => line(HOSTILE)),
      written('stdout', () => line('x', HOSTILE)),
      written('stdout', () => line(paint([], HOSTILE), HOSTILE)),
    ]) {
      expect(obeyedIn(text)).toEqual(['\n']);
      expect(text.indexOf('\n')).toBe(text.length - 1);
    }
    expect(written('stdout', () => line(HARMLESS))).toBe(`${HARMLESS}\n`);
  });

  it('is one cell of a table, in a column that is wide enough', () => {
    const lines = table(
      ['who', 'what'],
      [
        [HOSTILE, 'x'],
        ['b', 'y'],
      ],
    );
    expect(lines.flatMap(obeyedIn)).toEqual([]);
    expect(lines[2]?.lastIndexOf('x')).toBe(lines[3]?.lastIndexOf('y'));
  });

  it('is JSON that reads as before', () => {
    const { data, row } = openOutput(true);
    for (const text of [
      written('stdout', () => data({ [HOSTILE]: HOSTILE, harmless: HARMLESS })),
      written('stdout', () => row({ [HOSTILE]: HOSTILE, harmless: HARMLESS })),
    ]) {
      expect(obeyedIn(text)).toEqual(['\n']);
      expect(JSON.parse(text)).toEqual({ [HOSTILE]: HOSTILE, harmless: HARMLESS });
      expect(text).toContain(HARMLESS);
    }
  });

  it('of an error has lines, and nothing else that a terminal obeys', () => {
    const text = written('stderr', () => openOutput(true).note(`${HOSTILE}\nat b`));
    expect(obeyedIn(text)).toEqual(['\n']);
    expect(text.endsWith('b\nat b\n')).toBe(true);
  });

  it('is in no line of the log of one machine that begins like another', () => {
    let text = '';
    consoleLog((line) => {
      text += `${line}\n`;
    }).warn(HOSTILE, { name: HOSTILE, list: [HOSTILE], reason: '\n2026-01-01T00:00:00.000Z error forged' });
    expect(obeyedIn(text)).toEqual(['\n']);
    const [, ...further] = text.trimEnd().split('\n');
    expect(further.length).toBeGreaterThan(0);
    for (const line of further) expect(line).toMatch(/^ {4}/);
  });

  it('is in a log line of a function without it, also as the message of an error', () => {
    const log = jsonLog({
      service: undefined,
      level: undefined,
      clock: systemClock,
      write: (stream, line) => void process[stream].write(`${line}\n`),
    });
    const text = written('stdout', () =>
      log.info('refused', { name: HOSTILE, list: [{ header: HOSTILE }], harmless: HARMLESS }),
    );
    expect(obeyedIn(text)).toEqual(['\n']);
    const line = JSON.parse(text) as Record<string, unknown>;
    expect(line).toMatchObject({ message: 'refused', harmless: HARMLESS });
    expect(String(line.name)).toMatch(/^a\0.*\\u202e.*b$/s);
  });
});
