import { Rejection } from './rejection.ts';

/** What the text of a JSON body may come to, so that a small body can't become a large value. */
export interface Shape {
  /** Objects and lists within one another. */
  readonly depth: number;
  /** Members and elements of all objects and lists together. */
  readonly values: number;
  /** Members or elements of one object or list. */
  readonly width: number;
}

/** What a proven body may have: the members of a group of 100,000, and as many again. */
export const PROVEN: Shape = { depth: 20, values: 250_000, width: 200_000 };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;

/**
 * Holds the text of a JSON body to a shape in one pass, before anything is built of it. Whether it is JSON at all is
 * left to the parser.
 *
 * @throws Rejection `malformed-body`
 */
export function assertShape(text: string, { depth, values, width }: Shape): void {
  const widths = [0];
  let total = 0;
  let isQuoted = false;
  const add = () => {
    const last = widths.length - 1;
    const own = (widths[last] ?? 0) + 1;
    widths[last] = own;
    total += 1;
    if (own > width) throw tooMuch(`has more than ${width} items in one list`);
    if (total > values) throw tooMuch(`has more than ${values} values`);
  };
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (isQuoted) {
      if (code === BACKSLASH) index += 1;
      else if (code === QUOTE) isQuoted = false;
    } else if (code === QUOTE) {
      isQuoted = true;
    } else if (code === COMMA) {
      add();
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      if (widths.length > depth) throw tooMuch(`is nested more than ${depth} levels deep`);
      widths.push(0);
      // The first element has no comma before it; that of an empty list is counted as well.
      add();
    } else if ((code === CLOSE_OBJECT || code === CLOSE_LIST) && widths.length > 1) {
      widths.pop();
    }
  }
}

function tooMuch(what: string): Rejection {
  return new Rejection('malformed-body', `The body ${what}.`);
}
