/** The text of a configuration, by lines: for mistakes that are explained by what stands around them. */
export interface Page {
  readonly text: string;
  readonly lines: readonly string[];
  /** Offsets at which lines begin. */
  readonly starts: readonly number[];
}

/** One mistake in words, and the offset that it is shown at. */
export interface Mistake {
  readonly message: string;
  readonly offset: number;
}

export function pageOf(text: string): Page {
  const lines = text.split('\n');
  const starts: number[] = [];
  let start = 0;
  for (const line of lines) {
    starts.push(start);
    start += line.length + 1;
  }
  return { text, lines: lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line)), starts };
}

/** The 0-based line that an offset is on. */
export function lineAt({ starts }: Page, offset: number): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** How many blanks a line begins with. */
export function indentationOf(line: string): number {
  let count = 0;
  while (line[count] === ' ') count++;
  return count;
}

/** Whether a line holds neither text nor more than a comment. */
export function isEmpty(line: string): boolean {
  const rest = line.trim();
  return rest === '' || rest.startsWith('#');
}

/** The nearest line with text from `from` on, upwards or downwards; -1 where there is none. */
export function nextLine({ lines }: Page, from: number, step: 1 | -1): number {
  for (let at = from; at >= 0 && at < lines.length; at += step) if (!isEmpty(lines[at] ?? '')) return at;
  return -1;
}

/** A text as YAML takes it literally; an apostrophe in it is doubled. */
export function inQuotes(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Where a line's value begins: behind dashes of a list and `key: `; the key, where there is one. */
export function valueOn(line: string): { readonly key: string | undefined; readonly column: number } {
  let column = indentationOf(line);
  while (line[column] === '-' && line[column + 1] === ' ') {
    column++;
    while (line[column] === ' ') column++;
  }
  const colon = line.indexOf(': ', column);
  const key = colon === -1 ? '' : line.slice(column, colon);
  if (key === '' || /['"{[#]/.test(key)) return { key: undefined, column };
  let value = colon + 1;
  while (line[value] === ' ') value++;
  return { key, column: value };
}
