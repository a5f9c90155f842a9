import type { Directory } from '../../../functions/directory/directory.ts';

/** A directory that gives no page of more than so many, whatever is asked for: what a list needs is read on by its caller. */
export function smallPages(directory: Directory, most: number | undefined): Directory {
  if (most === undefined) return directory;
  const capped = Object.entries(directory).map(([name, method]) => [
    name,
    // The due ones are no list with pages.
    name === 'duePersons'
      ? method
      : (...args: unknown[]) => method(...args.map((each) => withLimit(each, most))),
  ]);
  return Object.fromEntries(capped) as Directory;
}

function withLimit(argument: unknown, most: number): unknown {
  if (typeof argument !== 'object' || argument === null || !('limit' in argument)) return argument;
  return typeof argument.limit === 'number'
    ? { ...argument, limit: Math.min(argument.limit, most) }
    : argument;
}
