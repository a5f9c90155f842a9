import type { Clock } from '../../functions/runtime/clock.ts';

interface Happening {
  readonly at: number;
  /** Decides between happenings of one millisecond: a seed tries another order than the next one. */
  readonly tie: number;
  readonly happen: () => void;
}

/**
 * The only time there is in a simulated world. What happens is kept in one queue; time moves on to the next happening
 * once nothing can run any more without it, so a day passes in milliseconds and a seed always passes in the same way.
 */
export class VirtualTime implements Clock {
  #now: number;
  readonly #tie: () => number;
  #queue: Happening[] = [];
  #realWork = 0;

  constructor(start: number, tie: () => number) {
    this.#now = start;
    this.#tie = tie;
  }

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.after(milliseconds, resolve));
  }

  after(milliseconds: number, happen: () => void): void {
    this.at(this.#now + Math.max(0, Math.ceil(milliseconds)), happen);
  }

  at(time: number, happen: () => void): void {
    insert(this.#queue, { at: Math.max(time, this.#now), tie: this.#tie(), happen });
  }

  /** Runs work that takes real time (a commit of SQLite): virtual time stands still until it is done. */
  async standStill<T>(work: () => Promise<T>): Promise<T> {
    this.#realWork += 1;
    try {
      return await work();
    } finally {
      this.#realWork -= 1;
    }
  }

  /** Lets things happen until it is over or nothing is left to happen. */
  async run(isOver: () => boolean): Promise<void> {
    await this.#quiet();
    while (!isOver()) {
      const next = takeFirst(this.#queue);
      if (next === undefined) return;
      this.#now = next.at;
      next.happen();
      await this.#quiet();
    }
  }

  /** Resolves when every promise that can go on has gone on: Node runs a tick only after all microtasks. */
  async #quiet(): Promise<void> {
    await new Promise<void>((resolve) => process.nextTick(resolve));
    while (this.#realWork > 0) await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** A binary heap: the earliest is at the front. */
function insert(queue: Happening[], happening: Happening): void {
  let at = queue.push(happening) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = queue[above];
    if (parent === undefined || !isBefore(happening, parent)) break;
    queue[at] = parent;
    at = above;
  }
  queue[at] = happening;
}

function takeFirst(queue: Happening[]): Happening | undefined {
  const first = queue[0];
  const last = queue.pop();
  if (first === undefined || last === undefined || queue.length === 0) return first;
  let at = 0;
  for (;;) {
    const [left, right] = [queue[2 * at + 1], queue[2 * at + 2]];
    const isRight = right !== undefined && left !== undefined && isBefore(right, left);
    const child = isRight ? right : left;
    if (child === undefined || !isBefore(child, last)) break;
    queue[at] = child;
    at = 2 * at + (isRight ? 2 : 1);
  }
  queue[at] = last;
  return first;
}

function isBefore(one: Happening, other: Happening): boolean {
  return one.at < other.at || (one.at === other.at && one.tie < other.tie);
}
