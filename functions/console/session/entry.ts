import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** How a console of one machine is entered: by a link that is printed where the server was started. */
export interface LocalEntry {
  /** Seals sessions; gone with the server. */
  readonly key: Uint8Array;
  /** Takes the key of a link; true once. */
  take(key: string): boolean;
  /** The key of a new link, which takes the place of the one before. */
  renew(): string;
}

const KEY_BYTES = 32;

export function openLocalEntry(): LocalEntry {
  let expected: Buffer | undefined;
  return {
    key: randomBytes(KEY_BYTES),
    take: (key) => {
      if (expected === undefined || !timingSafeEqual(digest(key), expected)) return false;
      expected = undefined;
      return true;
    },
    renew: () => {
      const key = randomBytes(KEY_BYTES).toString('base64url');
      expected = digest(key);
      return key;
    },
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
