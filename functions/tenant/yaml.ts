import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import type * as z from 'zod';
import { type Configuration, configurationSchema } from './configuration.ts';
import type { Problem } from './problem.ts';

/** What reading provisioner.yaml gives: the configuration or its problems, and a way to place further ones. */
export interface Reading {
  readonly configuration?: Configuration;
  readonly problems: readonly Problem[];
  /** Adds line and column of the value at the problem's path (of the nearest value above where there is none). */
  locate(problem: Problem): Problem;
}

/** Reads provisioner.yaml as far as its grammar goes. Used where the file is: at synth, at start, on the command line. */
export function readYaml(text: string): Reading {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line, column: col };
  };
  const locate = (problem: Problem): Problem => {
    const offset = offsetOf(document.contents, problem.path);
    return { ...problem, ...place(offset) };
  };
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map((error) => ({
        path: [],
        message: error.message,
        ...place(error.pos[0]),
      })),
      locate,
    };
  }
  const parsed = configurationSchema.safeParse(document.toJS({ maxAliasCount: 100 }));
  if (parsed.success) return { configuration: parsed.data, problems: [], locate };
  return { problems: parsed.error.issues.flatMap(problemsOf).map(locate), locate };
}

function problemsOf(issue: z.core.$ZodIssue): Problem[] {
  const path = issue.path.filter((step): step is string | number => typeof step !== 'symbol');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: [...path, key], message: 'is not a known key' }));
  }
  if (issue.code === 'invalid_union') {
    const closest = issue.errors.toSorted((a, b) => depth(b) - depth(a))[0] ?? [];
    const inner = closest.flatMap(problemsOf).filter((problem) => problem.path.length > 0);
    if (inner.length > 0) return inner.map((problem) => ({ ...problem, path: [...path, ...problem.path] }));
  }
  if (issue.code === 'invalid_type' && issue.expected === 'string' && /received number/.test(issue.message)) {
    return [{ path, message: 'is read as a number; write it in quotes' }];
  }
  return [{ path, message: issue.message }];
}

function depth(issues: readonly z.core.$ZodIssue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
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
