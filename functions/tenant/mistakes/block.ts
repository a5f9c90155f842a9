import { NO_COMMA } from './flow.ts';
import { indentationOf, inQuotes, lineAt, type Mistake, nextLine, type Page, valueOn } from './page.ts';

/** What is wrong with a line itself: characters that YAML takes for something else than their writer. */
export function lineMistake(page: Page, line: number): Mistake | undefined {
  const text = page.lines[line] ?? '';
  const start = page.starts[line] ?? 0;
  const rest = text.trim();
  const begin = start + text.indexOf(rest);
  const blank = /^ *([\u00a0\u2000-\u200b\u3000])/.exec(text);
  if (blank !== null) {
    const message =
      'a blank of another kind (a no-break space, for instance) is in the indentation, as copied from a web page or chat; type it anew';
    return { message, offset: start + blank[0].length - 1 };
  }
  if (/^(<{7}|={7}|>{7})/.test(rest)) {
    return {
      message: 'a mark that git left: two versions of these lines have to be made one',
      offset: begin,
    };
  }
  if (rest.startsWith('//')) return { message: 'a comment begins with #, not //', offset: begin };
  const dash = /^-[A-Za-z]/.exec(rest);
  if (dash !== null) {
    return { message: `a blank is missing behind the dash: - ${rest.slice(1)}`, offset: begin };
  }
  const entry = rest.replace(/^- +/, '');
  const glued = /^([A-Za-z]\w*):([^\s/].*)$/.exec(entry);
  if (glued !== null && !entry.includes(': ')) {
    const message = `a blank is missing behind the colon: ${glued[1]}: ${glued[2]}`;
    return { message, offset: begin + rest.indexOf(entry) };
  }
  const equals = /^([A-Za-z]\w*) ?= ?(\S.*)$/.exec(entry);
  if (equals !== null) {
    const message = `between a key and its value stands a colon: ${equals[1]}: ${equals[2]}`;
    return { message, offset: begin + rest.indexOf(entry) };
  }
  const next = nextLine(page, line + 1, 1);
  if (/^[A-Za-z]\w*$/.test(entry) && next !== -1) {
    const below = page.lines[next] ?? '';
    if (indentationOf(below) > indentationOf(text) || below.trim().startsWith('- ')) {
      return { message: `a colon is missing: ${entry}:`, offset: begin + rest.indexOf(entry) };
    }
  }
  return undefined;
}

/** A value on a line that YAML reads as more than one text. */
export function valueMistake(page: Page, line: number): Mistake | undefined {
  const text = page.lines[line] ?? '';
  const { key, column } = valueOn(text);
  const value = text.slice(column).trimEnd();
  const offset = (page.starts[line] ?? 0) + column;
  if (value.endsWith(',') && /^(['"]?)[^'"]*\1,$/.test(value)) {
    return { message: NO_COMMA, offset: offset + value.length - 1 };
  }
  const quote = value[0];
  if ((quote === "'" || quote === '"') && value.indexOf(quote, 1) < value.length - 1) {
    const right = inQuotes(isWhole(value, quote) ? value : value.slice(1, -1));
    return {
      message: `the text ends at its second ${quote}, and more follows; as a whole in single quotes: ${right}`,
      offset,
    };
  }
  const isText = key !== undefined && quote !== '{' && quote !== '[';
  if (isText && (value.includes(': ') || value.startsWith('? ') || value.endsWith(':'))) {
    const what = value.startsWith('? ') ? 'that begins with ?' : 'with a colon in it';
    return { message: `a text ${what} needs quotes: ${key}: ${inQuotes(value)}`, offset };
  }
  return undefined;
}

/** Whether quotes are part of a text, as in `"title" eq "x"`, and not around it. */
function isWhole(value: string, quote: string): boolean {
  const count = value.split(quote).length - 1;
  return !value.endsWith(quote) || (count % 2 === 0 && !value.endsWith(quote + quote));
}

/** A line that is indented as no line above it is. */
export function indentationMistake(page: Page, near: number): Mistake | undefined {
  // Where a value is followed by deeper lines, the parser complains about the value.
  const next = nextLine(page, near + 1, 1);
  const here = page.lines[near] ?? '';
  const { key, column } = valueOn(here);
  if (next !== -1 && key !== undefined && here.slice(column).trim() !== '') {
    const own = ownColumn(here);
    const below = indentationOf(page.lines[next] ?? '');
    if (below > own) {
      const message = `is indented by ${below} blanks, below "${key}" (line ${near + 1}), which has a value already; write ${own} to stand beside it`;
      return { message, offset: (page.starts[next] ?? 0) + below };
    }
  }
  const line = nextLine(page, near, 1);
  if (line === -1) return undefined;
  const text = page.lines[line] ?? '';
  const indentation = indentationOf(text);
  const levels = levelsAbove(page, line);
  if (levels.some(({ column: each }) => each === indentation) && !text.trim().startsWith('- ')) {
    return undefined;
  }
  const offset = (page.starts[line] ?? 0) + indentation;
  const places = levels.slice(0, 2).map(({ column: each, line: at, key: name }) => {
    return `${each} beside ${name === '' ? 'the entry' : `"${name}"`} (line ${at + 1})`;
  });
  if (places.length === 0) return undefined;
  return {
    message: `is indented by ${indentation} blanks, as nothing above it; write ${places.join(', or ')}`,
    offset,
  };
}

/** The column at which the key of a line stands, behind the dashes of a list. */
function ownColumn(line: string): number {
  const dashes = /^ *(?:- +)*/.exec(line);
  return dashes === null ? 0 : dashes[0].length;
}

interface Level {
  readonly column: number;
  readonly line: number;
  readonly key: string;
}

/** The columns at which a line may begin: those of the keys and dashes above it that are still open, nearest first. */
function levelsAbove(page: Page, line: number): Level[] {
  const levels: Level[] = [];
  let least = Number.POSITIVE_INFINITY;
  const isEntry = (page.lines[line] ?? '').trim().startsWith('- ');
  for (let at = nextLine(page, line - 1, -1); at !== -1 && least > 0; at = nextLine(page, at - 1, -1)) {
    const text = page.lines[at] ?? '';
    const own = ownColumn(text);
    const dash = indentationOf(text);
    const name = (text.slice(own).split(':')[0] ?? '').trim();
    if (!isEntry && own < least && /:( |$)/.test(text)) levels.push({ column: own, line: at, key: name });
    if (isEntry && own !== dash && dash < least) levels.push({ column: dash, line: at, key: '' });
    least = Math.min(least, dash);
  }
  return levels;
}

/** Lines that are indented with tabs, if the parser stumbles over one of them. */
export function tabMistake(page: Page, offset: number): Mistake | undefined {
  const near = lineAt(page, offset);
  const isTabbed = (line: number) => /^ *\t\s*[^\s#]/.test(page.lines[line] ?? '');
  if (![near, near + 1].some(isTabbed)) return undefined;
  const lines = page.lines.flatMap((_, line) => (isTabbed(line) ? [line] : []));
  const [first = near, ...others] = lines;
  const shown = others
    .slice(0, 5)
    .map((line) => line + 1)
    .join(', ');
  const more = others.length > 5 ? ` and ${others.length - 5} more` : '';
  const also =
    others.length === 0 ? '' : `; also in ${others.length === 1 ? 'line' : 'lines'} ${shown}${more}`;
  const message = `Tabs can't indent in YAML: write blanks, two a level${also}`;
  return { message, offset: (page.starts[first] ?? 0) + (page.lines[first] ?? '').indexOf('\t') };
}
