import { DirectoryWriteError } from './errors.ts';
import { type Item, type Key, MAX_WRITES, type Write } from './table.ts';

/** The item that a write is about. */
export function keyOf(write: Write): Key {
  if ('put' in write) return write.put;
  if ('delete' in write) return write.delete;
  return 'check' in write ? write.check : write.count;
}

/**
 * Holds every adapter to DynamoDB's limits of a transaction, so that what works on one machine works on AWS.
 * @throws DirectoryWriteError for more than `MAX_WRITES` writes, or two on one key
 */
export function assertWrites(writes: readonly Write[]): void {
  if (writes.length < 2) return;
  if (writes.length > MAX_WRITES) {
    throw new DirectoryWriteError(`${writes.length} writes in one call; at most ${MAX_WRITES} are possible`);
  }
  const seen = new Set<string>();
  for (const write of writes) {
    const { pk, sk } = keyOf(write);
    const name = `${pk}\n${sk}`;
    if (seen.has(name))
      throw new DirectoryWriteError(`Two writes on ${JSON.stringify({ pk, sk })} in one call`);
    seen.add(name);
  }
}

/** Whether the time of an item is over: from then on it counts as absent, whether or not it was swept out. */
export function isExpired(item: Pick<Item, 'expiresAt'>, now: number): boolean {
  return item.expiresAt !== undefined && item.expiresAt * 1000 <= now;
}
