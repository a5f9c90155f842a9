import { indentationOf, inQuotes, isEmpty, lineAt, type Mistake, type Page, valueOn } from './page.ts';

/** One open bracket. */
interface Open {
  readonly mark: '{' | '[';
  readonly offset: number;
  /** Behind the colon of an entry. */
  inValue: boolean;
  /** Where the entry that is being read begins. */
  entry: number;
  /** Holds neither a colon nor a comma: what a template has between its braces. */
  isBare: boolean;
}

const CLOSES = { '{': '}', '[': ']' } as const;

/** The first mistake in braces and brackets that concerns this line, by a reader that knows no more than these. */
export function flowMistake(page: Page, line: number): Mistake | undefined {
  for (let at = 0; at <= line; at++) {
    const text = page.lines[at] ?? '';
    if (isEmpty(text)) continue;
    const { column } = valueOn(text);
    if (/[|>][-+\d]*$/.test(text.trimEnd())) {
      at = endOfBlock(page, at);
      continue;
    }
    if (text[column] !== '{' && text[column] !== '[') continue;
    const { mistake, end } = readFlow(page, (page.starts[at] ?? 0) + column, indentationOf(text));
    const last = lineAt(page, end);
    if (mistake !== undefined && last >= line) return mistake;
    at = last;
  }
  return undefined;
}

/** The last line of a text that is written over several lines. */
function endOfBlock({ lines }: Page, from: number): number {
  const indentation = indentationOf(lines[from] ?? '');
  let at = from;
  while (at + 1 < lines.length) {
    const next = lines[at + 1] ?? '';
    if (next.trim() !== '' && indentationOf(next) <= indentation) break;
    at++;
  }
  return at;
}

interface Read {
  readonly mistake?: Mistake;
  /** Where reading ended: the line of the mistake, too, as the parser may complain as late as there. */
  readonly end: number;
}

function readFlow({ text }: Page, from: number, indentation: number): Read {
  const stack: Open[] = [];
  let comment: number | undefined;
  /** Where the token begins that is being read; undefined between tokens. */
  let token: number | undefined;
  let closed: Open | undefined;
  for (let at = from; at < text.length; at++) {
    const mark = text[at] ?? '';
    const top = stack.at(-1);
    if (mark === '\n') {
      const next = text.slice(at + 1, endOfLine(text, at + 1));
      const isLess = next.trim() !== '' && indentationOf(next) <= indentation;
      if (isLess && !/^ *[}\]]/.test(next)) break;
    }
    if (mark.trim() === '') continue;
    if (mark === '#' && /\s/.test(text[at - 1] ?? '')) {
      comment = at;
      at = endOfLine(text, at) - 1;
      continue;
    }
    if (mark === '{' || mark === '[') {
      if (closed !== undefined && top !== undefined) return template(text, top.entry, at);
      if (token !== undefined) return template(text, top?.entry ?? token, at);
      if (top !== undefined && !top.inValue) top.entry = at;
      stack.push({ mark, offset: at, inValue: mark === '[', entry: at + 1, isBare: true });
      continue;
    }
    if (top === undefined) return { end: at };
    if (mark === '}' || mark === ']') {
      if (CLOSES[top.mark] !== mark) return mismatch(text, top, at, comment);
      stack.pop();
      closed = top;
      token = undefined;
      if (stack.length === 0) return behind(text, top, at);
      continue;
    }
    if (mark === ',') {
      top.isBare = false;
      if (top.mark === '{') top.inValue = false;
      top.entry = at + 1;
      [token, closed] = [undefined, undefined];
      continue;
    }
    if (mark === ':' && /[\s,}\]]/.test(text[at + 1] ?? ' ')) {
      if (top.mark === '{' && top.inValue) return secondColon(text, top, token ?? at, at);
      top.isBare = false;
      if (top.mark === '{') top.inValue = true;
      top.entry = at + 1;
      [token, closed] = [undefined, undefined];
      continue;
    }
    if (closed !== undefined) {
      return closed.isBare && closed.mark === '{' ? template(text, top.entry, at) : comma(text, at);
    }
    if (token === undefined) {
      token = at;
      if (mark === '-' && text[at + 1] === ' ') return dash(text, at);
      if (mark === '"' || mark === "'") {
        const end = endOfQuotes(text, at);
        if (end === undefined) return { end: text.length };
        at = end;
        const next = nextOnLine(text, at + 1);
        if (next !== undefined && !',:}]#'.includes(text[next] ?? '')) return comma(text, next);
      }
    }
  }
  const open = stack.at(-1);
  return open === undefined ? { end: text.length } : unclosed(text, open, comment);
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf('\n', from);
  return end === -1 ? text.length : end;
}

/** Where the next character is on the same line that is no blank. */
function nextOnLine(text: string, from: number): number | undefined {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return at >= text.length || text[at] === '\n' || text[at] === '\r' ? undefined : at;
}

/** Where the closing quote is. */
function endOfQuotes(text: string, from: number): number | undefined {
  const quote = text[from] ?? '';
  for (let at = from + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === '\\') at++;
    else if (text[at] === quote) {
      if (quote !== "'" || text[at + 1] !== quote) return at;
      at++;
    }
  }
  return undefined;
}

function template(text: string, entry: number, at: number): Read {
  const begin = entry + (text.slice(entry).length - text.slice(entry).trimStart().length);
  const line = text.slice(begin, endOfLine(text, begin));
  const end = line.search(/[,\]]|\} *\}/);
  const last = line.lastIndexOf('}', end === -1 ? line.length : end);
  const value = line.slice(0, last === -1 ? line.length : last + 1);
  const message = `a template needs quotes, since braces mean something else in YAML: ${inQuotes(value.trim())}`;
  return { mistake: { message, offset: begin }, end: Math.max(at, endOfLine(text, at)) };
}

function mismatch(text: string, open: Open, at: number, comment: number | undefined): Read {
  if (comment !== undefined && comment > open.offset) return unclosed(text, open, comment);
  const message = `${text[at]} stands where the ${open.mark} of ${placeOf(text, open.offset)} still needs its ${CLOSES[open.mark]}`;
  return { mistake: { message, offset: at }, end: endOfLine(text, at) };
}

function unclosed(text: string, open: Open, comment: number | undefined): Read {
  if (comment !== undefined && comment > open.offset) {
    const [word = '#'] = text.slice(comment, endOfLine(text, comment)).split(/[\s,\]}]/);
    const message = `everything behind " #" is a comment, also the ${CLOSES[open.mark]} that is missing; a text that begins with # needs quotes: ${inQuotes(word)}`;
    return { mistake: { message, offset: comment }, end: text.length };
  }
  const message = `the ${open.mark} that opens here has no ${CLOSES[open.mark]}`;
  return { mistake: { message, offset: open.offset }, end: text.length };
}

/** What stands behind the last bracket on its line. */
function behind(text: string, open: Open, at: number): Read {
  const line = text.slice(at + 1, endOfLine(text, at));
  const rest = line.trim();
  if (rest === '' || /^\s+#/.test(line)) return { end: at };
  const offset = at + 1 + line.indexOf(rest);
  const end = endOfLine(text, at);
  if (rest[0] === '}' || rest[0] === ']') {
    return { mistake: { message: `one ${rest[0]} too many: nothing is open here any more`, offset }, end };
  }
  if (rest === ',') return { mistake: { message: NO_COMMA, offset }, end };
  if (open.mark === '{' && open.isBare) {
    const message = `a template needs quotes, since braces mean something else in YAML: ${inQuotes(`${text.slice(open.offset, at + 1)}${line.trimEnd()}`)}`;
    return { mistake: { message, offset: open.offset }, end };
  }
  const message = `stands behind the ${text[at]} that ends the value; it belongs on a line of its own or in front of it`;
  return { mistake: { message: `"${rest}" ${message}`, offset }, end };
}

export const NO_COMMA = 'no comma ends a line here; commas stand between { } and [ ] only: leave it out';

/** Either a value with a colon in it, or an entry that no comma parts from the one before. */
function secondColon(text: string, top: Open, token: number, at: number): Read {
  const value = text.slice(token, at);
  const words = value.trim().split(/\s+/);
  const last = words.at(-1) ?? '';
  if (words.length > 1) return comma(text, at - last.length);
  const rest = text.slice(token, endOfLine(text, token)).split(/[,}\]]/)[0] ?? '';
  const message = `a text with a colon in it needs quotes: ${inQuotes(rest.trim())}`;
  return { mistake: { message, offset: Math.max(token, top.entry) }, end: endOfLine(text, at) };
}

function comma(text: string, at: number): Read {
  const word = text.slice(at, endOfLine(text, at)).split(/[\s:,}\]]/)[0] ?? '';
  return {
    mistake: { message: `a comma is missing in front of ${word}`, offset: at },
    end: endOfLine(text, at),
  };
}

function dash(text: string, at: number): Read {
  const [entry = ''] = text.slice(at + 1, endOfLine(text, at)).split(/[,}\]]/);
  const message =
    entry.trim() === ''
      ? "a dash alone needs quotes: '-'"
      : `between braces a list is written in brackets: [${entry.trim()}]`;
  return { mistake: { message, offset: at }, end: endOfLine(text, at) };
}

function placeOf(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `line ${line}, column ${offset - (before.lastIndexOf('\n') + 1) + 1}`;
}
