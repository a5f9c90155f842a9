/** A line of a text file, without its end. */
export interface Line {
  /** Counted from 1, as editors do. */
  readonly number: number;
  readonly text: string;
  /** Why the line can't be used; its text is empty then. */
  readonly problem?: string;
}

/** Nothing about one person is longer; a file without line ends must not fill the memory. */
const LONGEST = 1_000_000;
const LINE_END = /\r\n|\n|\r/g;

/** What the decoder puts in the place of bytes that are none of UTF-8's. */
const NOT_UTF8 = '\uFFFD';
const NO_UTF8 = 'There are bytes that are not UTF-8 here; save the file as UTF-8.';

/**
 * Reads text line by line, whatever ends a line (LF, CRLF, CR), with one chunk of it in memory. A byte-order mark is
 * passed over; a line that is no UTF-8 or longer than a million characters is a problem of its own.
 */
export async function* linesOf(source: AsyncIterable<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder('utf-8');
  let number = 0;
  let rest = '';
  let isCut = false;
  const lineOf = (text: string): Line => {
    const wasCut = isCut || text.length > LONGEST;
    isCut = false;
    number += 1;
    if (wasCut) return { number, text: '', problem: `The line is longer than ${LONGEST} characters.` };
    return text.includes(NOT_UTF8) ? { number, text: '', problem: NO_UTF8 } : { number, text };
  };

  for await (const chunk of source) {
    rest += decoder.decode(chunk, { stream: true });
    let from = 0;
    for (const { index, 0: end } of rest.matchAll(LINE_END)) {
      // The line feed of a carriage return may be in the next chunk.
      if (end === '\r' && index === rest.length - 1) break;
      yield lineOf(rest.slice(from, index));
      from = index + end.length;
    }
    rest = rest.slice(from);
    if (rest.length > LONGEST) {
      isCut = true;
      rest = rest.endsWith('\r') ? '\r' : '';
    }
  }
  rest += decoder.decode();
  if (rest !== '' || isCut) yield lineOf(rest.replace(/\r$/, ''));
}
