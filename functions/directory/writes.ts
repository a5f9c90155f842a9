import { DirectoryWriteError } from './errors.ts';
import { type Item, type Key, MAX_WRITES, type Write } from './table.ts';

/** The item that a write is about. */
export function keyOf(write: Write): Key {
  if ('put' in write) return write.put;
  if ('delete' in write) return write.delete;
  return 'check' in write ? write.check : write.count;
}

/** Bytes that DynamoDB takes in a partition key and in a sort key. */
const MAX_PK_BYTES = 2_048;
const MAX_SK_BYTES = 1_024;

/** Whether an item may stand at the key: neither part empty or too long, both made of whole characters. */
export function isStorable({ pk, sk }: Key): boolean {
  return isPart(pk, MAX_PK_BYTES) && isPart(sk, MAX_SK_BYTES);
}

function isPart(part: string, bytes: number): boolean {
  // A UTF-16 unit takes 3 bytes at most: nearly every key needs no counting.
  const fits = part.length * 3 <= bytes || Buffer.byteLength(part) <= bytes;
  return part !== '' && fits && part.isWellFormed();
}

/**
 * Holds every adapter to DynamoDB's limits, so that what works on one machine works on AWS.
 * @throws DirectoryWriteError for a key that can't be stored, more than `MAX_WRITES` writes, or two on one key
 */
export function assertWrites(writes: readonly Write[]): void {
  for (const write of writes) assertStorable(write);
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

function assertStorable(write: Write): void {
  const due = 'put' in write ? write.put.due : undefined;
  for (const { pk, sk } of due ? [keyOf(write), due] : [keyOf(write)]) {
    if (isStorable({ pk, sk })) continue;
    throw new DirectoryWriteError(
      `No key: pk of ${Buffer.byteLength(pk)} bytes (1 to ${MAX_PK_BYTES}), ` +
        `sk of ${Buffer.byteLength(sk)} bytes (1 to ${MAX_SK_BYTES}), both without lone surrogates`,
    );
  }
}

/** Whether the time of an item is over: from then on it counts as absent, whether or not it was swept out. */
export function isExpired(item: Pick<Item, 'expiresAt'>, now: number): boolean {
  return item.expiresAt !== undefined && item.expiresAt * 1000 <= now;
}
