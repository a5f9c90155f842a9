import { type Document, isScalar, type Node, visit } from 'yaml';
import { indentationMistake, lineMistake, tabMistake, valueMistake } from './block.ts';
import { flowMistake } from './flow.ts';
import { inQuotes, lineAt, type Mistake, type Page } from './page.ts';

type Complaint = Document.Parsed['errors'][number] | Document.Parsed['warnings'][number];

/**
 * What a text can't be read for, in words that say how it is written right. One mistake makes the parser stumble several
 * times, so that of those that shift what follows only the first is told; those that end with their value, all.
 */
export function mistakesOf(page: Page, document: Document.Parsed): Mistake[] {
  const complaints = [...document.errors, ...document.warnings].toSorted((a, b) => a.pos[0] - b.pos[0]);
  const [first] = complaints;
  if (first === undefined) return anchorMistakes(document);
  const tab = tabMistake(page, first.pos[0]);
  if (tab !== undefined) return [tab];
  if (ownMistake(page, first) === undefined) return [structureMistake(page, first)];
  const own = complaints.slice(0, MOST).flatMap((complaint) => ownMistake(page, complaint) ?? []);
  const twice = complaints.some(({ code }) => code === 'DUPLICATE_KEY') ? duplicateKeys(page, document) : [];
  return distinct([
    ...own.filter(({ message }) => message !== DUPLICATE),
    ...twice,
    ...anchorMistakes(document),
  ]);
}

/** More mistakes than these are told the next time. */
const MOST = 100;

function distinct(mistakes: readonly Mistake[]): Mistake[] {
  return [...new Map(mistakes.toReversed().map((mistake) => [mistake.offset, mistake])).values()].toSorted(
    (a, b) => a.offset - b.offset,
  );
}

const DUPLICATE = 'twice';

/** A mistake that ends with the value that it is in. */
function ownMistake(page: Page, { code, message, pos: [offset] }: Complaint): Mistake | undefined {
  const line = page.text.slice(offset, page.text.indexOf('\n', offset) + 1 || undefined).trimEnd();
  const isFlow = valueIsInFlow(page, offset);
  const value = (isFlow ? (line.split(/[,}\]]/)[0] ?? '') : line).trim();
  switch (code) {
    case 'DUPLICATE_KEY':
      return { message: DUPLICATE, offset };
    case 'MULTIPLE_DOCS':
      return { message: 'a second document begins here; there must be one: leave the line --- out', offset };
    case 'BAD_SCALAR_START':
      return { message: beginsWith(value), offset };
    case 'TAG_RESOLVE_FAILED':
      return {
        message: `${value.split(' ')[0]} is a tag in YAML, and none is known here; ${beginsWith(value)}`,
        offset,
      };
    case 'BAD_DQ_ESCAPE':
      return {
        message: `${message.split(' ').at(-1)} means nothing in double quotes; in single quotes \\ is a \\: write the text in single quotes`,
        offset,
      };
    case 'NON_STRING_KEY': {
      const [, path] = /\{\{\s*([\w.]+)\s*\}\}/.exec(page.lines[lineAt(page, offset)] ?? '') ?? [];
      return {
        message:
          path === undefined
            ? `a key is a name, and no list or map; ${beginsWith(value)}`
            : `a template has single braces, and stands in quotes: '{${path}}'`,
        offset,
      };
    }
    case 'BAD_ALIAS':
      return /empty/.test(message) ? { message: beginsWith(value), offset } : undefined;
    default:
      return undefined;
  }
}

function valueIsInFlow(page: Page, offset: number): boolean {
  const line = lineAt(page, offset);
  const before = page.text.slice(page.starts[line] ?? 0, offset);
  return /[{[]/.test(before);
}

function beginsWith(value: string): string {
  return `a text that begins with ${value[0] ?? ''} needs quotes: ${inQuotes(value)}`;
}

/** A mistake by which the parser loses the structure of what follows. */
function structureMistake(page: Page, { code, message, pos: [offset] }: Complaint): Mistake {
  const line = lineAt(page, offset);
  if (message.startsWith('Missing closing')) return openQuote(page, message);
  if (message.startsWith('Not a YAML token')) {
    const value = blockValue(page, line);
    if (value !== undefined) return value;
  }
  const found =
    lineMistake(page, line) ??
    flowMistake(page, line) ??
    flowMistake(page, line - 1) ??
    valueMistake(page, line) ??
    indentationMistake(page, line);
  if (found !== undefined) return found;
  // The parser goes down with each level of the text.
  if (message.includes('call stack')) return { message: TOO_DEEP, offset };
  return { message: GENERIC[code] ?? message, offset };
}

export const TOO_DEEP = 'is nested more deeply than can be read';

const GENERIC: { readonly [Code in Complaint['code']]?: string } = {
  MULTILINE_IMPLICIT_KEY: 'is neither "key: value" nor an entry of a list, "- …"',
  MISSING_CHAR: 'is neither "key: value" nor an entry of a list, "- …"',
  BAD_INDENT: 'is indented as nothing above it',
};

/** `| userName` and `>5 years`, which YAML takes for the beginning of a text of several lines. */
function blockValue(page: Page, line: number): Mistake | undefined {
  const text = page.lines[line] ?? '';
  const at = text.search(/[|>]/);
  if (at === -1) return undefined;
  return { message: beginsWith(text.slice(at).trim()), offset: (page.starts[line] ?? 0) + at };
}

/** The quote that is never closed: the last one that opens, as each before it was. */
function openQuote(page: Page, message: string): Mistake {
  const quote = message.includes('"') ? '"' : "'";
  let open = -1;
  for (const [line, text] of page.lines.entries()) {
    const at = quoteThatOpens(text, quote);
    if (at !== -1 && open === -1) open = (page.starts[line] ?? 0) + at;
  }
  const offset = open === -1 ? 0 : open;
  return { message: `the text that ${quote} opens here has no ${quote} at its end`, offset };
}

/** Where a value begins with a quote that its line does not close; -1 for none. */
function quoteThatOpens(text: string, quote: string): number {
  let from = 0;
  for (let at = text.indexOf(quote); at !== -1; at = text.indexOf(quote, from)) {
    const isBegin = /[\s{[,]/.test(text[at - 1] ?? ' ');
    if (!isBegin) {
      from = at + 1;
      continue;
    }
    const end = text.indexOf(quote, at + 1);
    if (end === -1) return at;
    from = end + 1;
  }
  return -1;
}

/** Each key that is there again, with where it is first. */
function duplicateKeys(page: Page, document: Document.Parsed): Mistake[] {
  const found: Mistake[] = [];
  visit(document, {
    Map: (_, map) => {
      const first = new Map<string, number>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        const offset = key.range?.[0] ?? 0;
        const before = first.get(name);
        if (before === undefined) first.set(name, offset);
        else {
          const line = lineAt(page, before) + 1;
          found.push({
            message: `${name} is there twice: first in line ${line}. Keep one, or make one of both`,
            offset,
          });
        }
      }
    },
  });
  return found;
}

/** Names that & and * begin: of a text that was to begin so, or of an anchor that is not there. */
function anchorMistakes(document: Document.Parsed): Mistake[] {
  const found: Mistake[] = [];
  // In one walk: the library's own look-up walks through the document again for each alias.
  const anchors = new Map<string, Node>();
  const used = new Set<string>();
  visit(document, {
    Alias: (_, alias) => {
      used.add(alias.source);
      if (anchors.has(alias.source)) return;
      const text = `*${alias.source}`;
      const message = `there is no anchor &${alias.source} before this; a text that begins with * needs quotes: ${inQuotes(text)}`;
      found.push({ message, offset: alias.range?.[0] ?? 0 });
    },
    Value: (_, node) => {
      if (node.anchor !== undefined) anchors.set(node.anchor, node);
    },
  });
  for (const [anchor, node] of anchors) {
    if (anchor === '' || used.has(anchor) || !isScalar(node)) continue;
    const text = `&${[anchor, node.source].filter(Boolean).join(' ')}`;
    const message = `&${anchor} is a name in YAML that nothing refers to; a text that begins with & needs quotes: ${inQuotes(text)}`;
    // An anchor stands in front of its value; for no value the range begins behind it.
    found.push({ message, offset: node.range?.[0] ?? 0 });
  }
  return found;
}
