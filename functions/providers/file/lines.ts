import { isUtf8 } from 'node:buffer';
import { compact } from '../../runtime/compact.ts';

/** A line of a text file, without its end. */
export interface Line {
  /** Counted from 1, as editors do. */
  readonly number: number;
  readonly text: string;
  /** Why the line can't be used; its text is empty then. */
  readonly problem?: string;
  /** Where the next line begins, in bytes of the file; for a reading that is told where it begins itself. */
  readonly end?: number;
}

/** A part of a file: where it begins, and how its bytes are read. */
export interface Part {
  /** Bytes of the file before it. */
  readonly at?: number;
  /** Lines of the file before it. */
  readonly lines?: number;
  /** As the Encoding Standard names it. */
  readonly encoding?: string;
}

/** Nothing about one person is longer; a file without line ends must not fill the memory. */
const LONGEST = 1_000_000;
/** A character takes so many bytes at the most. */
const LONGEST_BYTES = 4 * LONGEST;

/** What the decoder puts in the place of bytes that are none of UTF-8's. */
const NOT_UTF8 = '\uFFFD';
/** What is said of such a line. */
export const NO_UTF8 = 'There are bytes that are not UTF-8 here; save the file as UTF-8.';

const LF = 10;
const CR = 13;

/**
 * Reads text line by line, whatever ends a line (LF, CRLF, CR), with one chunk of it in memory. A byte-order mark is
 * passed over; a line that is no UTF-8 or longer than a million characters is a problem of its own.
 */
export async function* linesOf(
  source: AsyncIterable<Uint8Array>,
  { at, lines = 0, encoding = 'utf-8' }: Part = {},
): AsyncGenerator<Line> {
  // A mark is one at the beginning of the file alone.
  let decoder = new TextDecoder(encoding, { ignoreBOM: (at ?? 0) > 0 });
  let number = lines;
  let end = at ?? 0;
  let rest: Uint8Array = new Uint8Array();
  let isCut = false;
  const lineOf = (bytes: Uint8Array, length: number): Line => {
    const text = decoder.decode(bytes);
    if (!decoder.ignoreBOM) decoder = new TextDecoder(encoding, { ignoreBOM: true });
    const wasCut = isCut || text.length > LONGEST;
    isCut = false;
    number += 1;
    end += length;
    const place = compact({ end: at === undefined ? undefined : end });
    if (wasCut) {
      return { number, text: '', problem: `The line is longer than ${LONGEST} characters.`, ...place };
    }
    // The character itself may stand in the file.
    const isBroken = encoding === 'utf-8' && text.includes(NOT_UTF8) && !isUtf8(bytes);
    return isBroken ? { number, text: '', problem: NO_UTF8, ...place } : { number, text, ...place };
  };

  for await (const chunk of source) {
    // The last byte may be a carriage return that waited for its line feed.
    let look = Math.max(0, rest.length - 1);
    let from = 0;
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let [lf, cr] = [rest.indexOf(LF, look), rest.indexOf(CR, look)];
    while (lf !== -1 || cr !== -1) {
      const stop = cr === -1 || (lf !== -1 && lf < cr) ? lf : cr;
      // The line feed of a carriage return may be in the next chunk.
      if (stop === cr && stop === rest.length - 1) break;
      look = stop === cr && rest[stop + 1] === LF ? stop + 2 : stop + 1;
      yield lineOf(rest.subarray(from, stop), look - from);
      from = look;
      if (lf !== -1 && lf < look) lf = rest.indexOf(LF, look);
      if (cr !== -1 && cr < look) cr = rest.indexOf(CR, look);
    }
    rest = rest.subarray(from);
    if (rest.length > LONGEST_BYTES) {
      isCut = true;
      const kept = rest.at(-1) === CR ? 1 : 0;
      end += rest.length - kept;
      rest = rest.slice(rest.length - kept);
    }
  }
  const isEnded = rest.at(-1) === CR;
  if (rest.length > 0 || isCut) yield lineOf(isEnded ? rest.subarray(0, -1) : rest, rest.length);
}
