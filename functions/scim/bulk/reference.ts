import type { BulkOperation } from './message.ts';

/** `bulkId:x` as a whole value, or in quotes within one: the filter of a PATCH path (RFC 7644 section 3.7.2). */
const WHOLE = /^bulkId:(.+)$/s;
const QUOTED = /"bulkId:([^"\\]+)"/g;

/** The bulkIds that an operation refers to, in its path and anywhere in its data. */
export function referencesIn({ segments, data }: BulkOperation): Set<string> {
  const found = new Set<string>();
  const note = (bulkId: string) => {
    found.add(bulkId);
    return bulkId;
  };
  for (const segment of segments) replaced(segment, note);
  replaced(data, note);
  return found;
}

/** The operation with each reference replaced by the id of what was created meanwhile. */
export function resolved(operation: BulkOperation, idOf: (bulkId: string) => string): BulkOperation {
  return {
    ...operation,
    segments: operation.segments.map((segment) => String(replaced(segment, idOf))),
    data: replaced(operation.data, idOf),
  };
}

/** The same JSON value, made anew only where something in it is replaced. */
function replaced(value: unknown, idOf: (bulkId: string) => string): unknown {
  if (typeof value === 'string') {
    const [, whole] = WHOLE.exec(value) ?? [];
    if (whole !== undefined) return idOf(whole);
    return value.includes('"bulkId:')
      ? value.replace(QUOTED, (_, bulkId: string) => JSON.stringify(idOf(bulkId)))
      : value;
  }
  if (Array.isArray(value)) return value.map((element) => replaced(element, idOf));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, replaced(part, idOf)]));
}

/**
 * Operations that wait for each other in a circle, or for one that does: none of them can ever be done.
 *
 * @param waitsFor for each operation those whose outcome it needs
 */
export function circular(waitsFor: ReadonlyMap<number, ReadonlySet<number>>): Set<number> {
  const left = new Map(waitsFor);
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    for (const [index, others] of left) {
      if (![...others].some((other) => left.has(other))) left.delete(index);
    }
  }
  return new Set(left.keys());
}
