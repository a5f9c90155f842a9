/** Whether a source has a person in service under one account. */
export type Standing = 'in' | 'out' | 'gone';

/** A word of an account that was answered with success. */
export interface Word {
  /** The word is as new as this moment. */
  readonly asOf: number;
  /** When it left for the first time, and when it was answered. */
  readonly leftAt: number;
  readonly answeredAt: number;
  /** It says by itself whose account that is and how it stands. */
  readonly isWhole: boolean;
}

/** One account of a person in a source, as it truly was at every moment, and how much of that the product has been told. */
export class Account {
  readonly id: string;
  readonly #history: { readonly at: number; readonly is: Standing }[] = [];
  /** What was true before this moment is out of date. */
  #toldAt: number | undefined;
  /** Since when the product knows whose account it is, and when it could first hear that it is out or gone by its id alone. */
  #knownAt = Number.POSITIVE_INFINITY;
  #leftToldAt = Number.POSITIVE_INFINITY;

  constructor(id: string, at: number) {
    this.id = id;
    this.become('in', at);
  }

  get is(): Standing {
    return this.#history.at(-1)?.is ?? 'in';
  }

  become(is: Standing, at: number): void {
    this.#history.push({ at, is });
  }

  told({ asOf, leftAt, answeredAt, isWhole }: Word): void {
    if (asOf < (this.#history[0]?.at ?? 0)) return;
    this.#toldAt = Math.max(this.#toldAt ?? asOf, asOf);
    const is = this.#at(asOf);
    if (is === 'gone' || (is === 'out' && !isWhole)) this.#leftToldAt = Math.min(this.#leftToldAt, leftAt);
    else if (isWhole) this.#knownAt = Math.min(this.#knownAt, answeredAt);
  }

  /** What the product may take it for: what was true at some time since the last word; nothing without any. */
  mayBe(isWaiting: boolean): readonly (Standing | undefined)[] {
    const told = isWaiting ? undefined : this.#toldAt;
    if (told === undefined) return [undefined, ...this.#history.map(({ is }) => is)];
    const first = this.#history.findLastIndex(({ at }) => at <= told);
    const may = this.#history.slice(Math.max(first, 0)).map(({ is }) => is);
    // An id that fits no person is counted, and a later reading says whose it is: until then it is nothing about a person.
    const isKnown = this.#knownAt < this.#leftToldAt;
    return may.some((one) => one !== 'in') && !isKnown ? [undefined, ...may] : may;
  }

  /** Whether it was ever not in service, by then. */
  hasLeftBy(at: number): boolean {
    return this.#history.some((state) => state.at <= at && state.is !== 'in');
  }

  #at(moment: number): Standing | undefined {
    return this.#history.findLast(({ at }) => at <= moment)?.is;
  }
}

/** What a source may say of a person by all accounts together: out of service is who is so by each of them. */
export function mayHold(
  accounts: readonly Account[],
  waits: (account: Account) => boolean,
): { readonly out: boolean; readonly in: boolean } {
  const each = accounts.map((account) => account.mayBe(waits(account)));
  const isOut = (standing: Standing | undefined) => standing === 'out' || standing === 'gone';
  return {
    out: each.some((may) => may.some(isOut)) && each.every((may) => may.some((one) => one !== 'in')),
    in: each.some((may) => may.includes('in')) || each.every((may) => may.includes(undefined)),
  };
}
