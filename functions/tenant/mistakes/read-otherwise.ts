import { type Document, isMap, isScalar, type ParsedNode } from 'yaml';
import type { Problem } from '../problem.ts';
import { inQuotes, type Mistake, type Page, pageOf } from './page.ts';

/**
 * Mistakes that YAML takes without a word, and reads as something else: of the problems that follow from one, that one
 * is told.
 */
export function readOtherwise(
  text: string,
  document: Document.Parsed,
  problems: readonly Problem[],
): { readonly mistakes: readonly Mistake[]; readonly problems: readonly Problem[] } {
  const blank = otherBlank(pageOf(text));
  if (blank !== undefined) return { mistakes: [blank], problems: [] };
  const siblings = siblingsOf(problems);
  const templates = new Map<ParsedNode, Problem['path']>();
  const kept = problems.flatMap((problem): Problem[] => {
    const above = ancestors(document, problem.path);
    const template = above.find(({ node }) => isTemplate(node, text));
    if (template !== undefined) {
      templates.set(template.node, template.path);
      return [];
    }
    const object = above.at(problem.path.length - 1)?.node;
    return isFollowUp(problem, object, siblings(problem.path))
      ? []
      : [reworded(problem, above.at(-1)?.node, object)];
  });
  const found = [...templates].map(([node, path]): Problem => {
    const [begin, end] = node.range;
    const message = `a template needs quotes, since braces mean something else in YAML: ${inQuotes(text.slice(begin, end).trim())}`;
    return { path, message };
  });
  return { mistakes: [], problems: [...kept, ...found] };
}

/** A no-break space in the indentation, which YAML takes for the beginning of a name. */
function otherBlank({ lines, starts }: Page): Mistake | undefined {
  for (const [line, text] of lines.entries()) {
    const at = text.search(/\S|\u00a0/);
    if (at === -1 || !/[\u00a0\u2000-\u200b\u3000]/.test(text[at] ?? '')) continue;
    const message =
      'a blank of another kind (a no-break space, for instance) is in the indentation, as copied from a web page or chat; type it anew';
    return { message, offset: (starts[line] ?? 0) + at };
  }
  return undefined;
}

interface Place {
  readonly node: ParsedNode;
  readonly path: Problem['path'];
}

/** The values on the way to a path, the outermost first; the last is the one at the path where there is one. */
function ancestors(document: Document.Parsed, path: Problem['path']): Place[] {
  const found: Place[] = [];
  for (let length = 0; length <= path.length; length++) {
    const above = path.slice(0, length);
    const node = document.getIn(above, true) as ParsedNode | undefined;
    if (node === undefined || node === null) break;
    found.push({ node, path: above });
  }
  return found;
}

/** `{displayName}`: a name between braces, which YAML reads as a key without a value. */
function isTemplate(node: ParsedNode, text: string): boolean {
  if (!isMap(node) || node.flow !== true || node.items.length !== 1) return false;
  const [begin, end] = node.range;
  return /^\{ ?[\w.]+( ?\| ?[\w.]+)* ?\}$/.test(text.slice(begin, end));
}

const MISSING = 'is missing';
const UNKNOWN = 'is not a known key';
const EMPTY = 'not nothing';

/** What is wrong with the keys of one object. */
interface Siblings {
  /** Keys that others were probably meant to be. */
  readonly meant: Set<string>;
  /** Keys without a value that need one. */
  readonly empty: string[];
}

function siblingsOf(problems: readonly Problem[]): (path: Problem['path']) => Siblings {
  const objects = new Map<string, Siblings>();
  const at = (path: Problem['path']): Siblings => {
    const name = JSON.stringify(path.slice(0, -1));
    const found = objects.get(name) ?? { meant: new Set<string>(), empty: [] };
    objects.set(name, found);
    return found;
  };
  for (const { path, message } of problems) {
    const { meant, empty } = at(path);
    const suggested = /Did you mean "([^"]*)"\?/.exec(message)?.[1] ?? gluedKey(path.at(-1));
    if (message.startsWith(UNKNOWN) && suggested !== undefined) meant.add(suggested);
    if (message.endsWith(EMPTY)) empty.push(String(path.at(-1)));
  }
  return at;
}

/** Whether a problem follows from another one beside it. */
function isFollowUp(
  { path, message }: Problem,
  object: ParsedNode | undefined,
  { meant, empty }: Siblings,
): boolean {
  const key = String(path.at(-1));
  if (message === MISSING) return meant.has(key);
  if (!message.startsWith(UNKNOWN) || empty.length === 0) return false;
  // What is not indented below its key is the key's neighbour.
  const names = keysOf(object);
  return empty.some((each) => names.indexOf(each) < names.indexOf(key));
}

function keysOf(object: ParsedNode | undefined): string[] {
  if (!isMap(object)) return [];
  return object.items.map(({ key }) => String(isScalar(key) ? key.value : ''));
}

/** `name` of `name:a`, which is one word as long as no blank stands behind the colon. */
function gluedKey(key: string | number | undefined): string | undefined {
  return /^([A-Za-z]\w*):\S/.exec(String(key))?.[1];
}

/** The problem with what its writer did. */
function reworded(problem: Problem, node: ParsedNode | undefined, object: ParsedNode | undefined): Problem {
  const { path, message } = problem;
  const key = String(path.at(-1));
  const glued = gluedKey(key);
  if (message.startsWith(UNKNOWN) && glued !== undefined) {
    return { ...problem, message: `a blank is missing behind the colon: ${withBlank(key)}` };
  }
  if (isScalar(node) && typeof node.value === 'string' && message.startsWith('must be keys with values')) {
    const [word = ''] = node.value.split(' ');
    if (gluedKey(word) !== undefined) {
      return { ...problem, message: `a blank is missing behind the colon: ${withBlank(word)}` };
    }
  }
  const names = keysOf(object);
  const next = names[names.indexOf(key) + 1];
  if (message.endsWith(EMPTY) && names.includes(key) && next !== undefined) {
    return {
      ...problem,
      message: `${message}: what is to be below it is not indented deeper, from "${next}" on`,
    };
  }
  return problem;
}

function withBlank(text: string): string {
  const colon = text.indexOf(':');
  return `${text.slice(0, colon)}: ${text.slice(colon + 1)}`;
}
