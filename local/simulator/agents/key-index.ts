/** Which records have a key, so that finding one among a hundred thousand costs the same as among ten. */
export class KeyIndex {
  #ids = new Map<string, Set<string>>();

  /** In the order in which they got the key. */
  get(key: string): string[] {
    return [...(this.#ids.get(key) ?? [])];
  }

  /** A record without the key isn't noted. */
  add(key: string | undefined, id: string): void {
    if (!key) return;
    const ids = this.#ids.get(key) ?? new Set();
    this.#ids.set(key, ids.add(id));
  }

  delete(key: string | undefined, id: string): void {
    if (!key) return;
    const ids = this.#ids.get(key);
    ids?.delete(id);
    if (ids?.size === 0) this.#ids.delete(key);
  }

  clear(): void {
    this.#ids.clear();
  }
}
