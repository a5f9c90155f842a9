/** Where a function's entry file leaves word of a code cache that it didn't use. */
const WORD = Symbol.for('agent-provisioner.code-cache');

/**
 * Why V8's code cache of a function isn't used: made by another V8 or for another architecture (`version`), not there
 * (`missing`), not as it was made (`digest`), or refused by V8, as it is under other flags (`flags`).
 */
export type CacheRejection = 'version' | 'missing' | 'digest' | 'flags';

/** Leaves word for the function, which is loaded afterwards. */
export function noteCacheRejection(rejection: CacheRejection): void {
  Reflect.set(globalThis, WORD, rejection);
}

/** What the entry file has left word of; undefined where the cache is used, or there is none. */
export function cacheRejection(): CacheRejection | undefined {
  return Reflect.get(globalThis, WORD);
}
