import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { type Configuration, configurationSchema } from './configuration.ts';
import { problemsOf } from './issue.ts';
import { mistakesOf, TOO_DEEP } from './mistakes/mistakes.ts';
import { type Mistake, pageOf } from './mistakes/page.ts';
import { readOtherwise } from './mistakes/read-otherwise.ts';
import type { Problem } from './problem.ts';

/** What reading provisioner.yaml gives: the configuration or its problems, and a way to place further ones. */
export interface Reading {
  readonly configuration?: Configuration;
  readonly problems: readonly Problem[];
  /** Adds line and column of the value at the problem's path (of the nearest value above where there is none). */
  locate(problem: Problem): Problem;
}

/** A value as YAML has it, or why there is none, and a way to place problems. */
export interface ReadValue {
  /** Absent where the text can't be read. */
  readonly found?: { readonly value: unknown };
  readonly problems: readonly Problem[];
  locate(problem: Problem): Problem;
  /** Problems with the form of the value, placed; of those that follow from one mistake that one is told. */
  told(problems: readonly Problem[]): readonly Problem[];
}

/** Reads provisioner.yaml as far as its grammar goes. Used where the file is: at synth, at start, on the command line. */
export function readYaml(text: string): Reading {
  const { found, problems, locate, told } = readYamlValue(text);
  if (found === undefined) return { problems, locate };
  const checked = configurationSchema.safeParse(found.value, { reportInput: true });
  if (checked.success) return { configuration: checked.data, problems: [], locate };
  return { problems: told(checked.error.issues.flatMap((issue) => problemsOf(issue))), locate };
}

/** Reads YAML, whatever its value is. */
export function readYamlValue(text: string): ReadValue {
  try {
    return readDocument(text);
  } catch (error) {
    // The reader goes down with each level of the text.
    if (!(error instanceof RangeError)) throw error;
    const problems = [{ path: [], message: TOO_DEEP, line: 1, column: 1 }];
    return { problems, locate: (problem) => problem, told: (found) => found };
  }
}

function readDocument(text: string): ReadValue {
  const lines = new LineCounter();
  const document = parsed(text, lines);
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const locate = (problem: Problem): Problem => {
    const offset = offsetOf(document.contents, problem.path);
    return { ...problem, ...place(offset) };
  };
  const placed = (parts: readonly Mistake[]) =>
    parts.map(({ message, offset }): Problem => ({ path: [], message, ...place(offset) }));
  const told = (found: readonly Problem[]) => {
    const { mistakes, problems } = readOtherwise(text, document, found);
    return mistakes.length > 0 ? placed(mistakes) : problems.map(locate).toSorted(byPlace);
  };
  const failed = (parts: readonly Mistake[]): ReadValue => ({ problems: placed(parts), locate, told });
  const unreadable = mistakesOf(pageOf(text), document);
  if (unreadable.length > 0) return failed(unreadable);
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIAS_COUNT });
    return { found: { value }, problems: [], locate, told };
  } catch (error) {
    if (!(error instanceof ReferenceError)) throw error;
    return failed([{ message: 'aliases stand for too much', offset: 0 }]);
  }
}

/** Without the traces of the parser's errors: with thousands of mistakes they take longer than all else. */
function parsed(text: string, lineCounter: LineCounter): Document.Parsed {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    // Keys are names: a cost centre 0815 must not become the number 815.
    return parseDocument(text, { lineCounter, prettyErrors: false, stringKeys: true });
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** How many values aliases may stand for, so that a small file can't become a huge one. */
const MAX_ALIAS_COUNT = 100;

/** Orders problems from the top of the file to its end. */
export function byPlace(a: Problem, b: Problem): number {
  return (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0);
}

/** Offset of the value at a path; of its key where the problem is the key itself. */
function offsetOf(root: unknown, path: Problem['path']): number {
  let node = root;
  let offset = rangeStart(node);
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
      if (pair === undefined) return offset;
      offset = rangeStart(pair.key);
      node = pair.value;
    } else if (isSeq(node)) {
      const item = node.items[Number(step)];
      if (item === undefined) return offset;
      offset = rangeStart(item);
      node = item;
    } else return offset;
  }
  return offset;
}

function rangeStart(node: unknown): number {
  return (node as Node | null | undefined)?.range?.[0] ?? 0;
}
