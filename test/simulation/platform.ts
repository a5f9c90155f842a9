import type { Context } from 'aws-lambda';
import type { Dice } from './dice.ts';
import { Machine, type Premises } from './machine.ts';
import type { Version } from './releases/rollout.ts';

/** The kinds of functions that there are, and an operator's commands; each has machines of its own, unless all run on one. */
export type Kind = 'scim' | 'webhook' | 'drain' | 'schedule' | 'sync' | 'operator';

export type Ended<T> =
  | { readonly ended: 'answered'; readonly value: T }
  | { readonly ended: 'failed'; readonly error: unknown }
  /** The machine died, or the time was up. */
  | { readonly ended: 'died' };

/** What runs on a machine. */
export type Work<Host, T> = (host: Host, context: Context) => Promise<T>;

/** How far a machine's clock may be off: two of them differ by a second at most. */
const SKEW_MS = 500;
/** Rather an old machine than a new one: what it keeps in memory is then older. */
const COLD_START = 0.05;

/** How names of machines show another version. */
const MARK: { readonly [Each in Version]: string } = { bundled: '-old', this: '', next: '-next' };

interface Place<Host> {
  readonly machine: Machine;
  readonly version: Version;
  readonly host: Host;
}

/**
 * Runs functions, as Lambda does: one at a time on a machine, as many machines as it takes, each used again until it
 * dies. Or, as `npm start` does, all on one machine at the same time.
 */
export class Platform<Host> {
  readonly #premises: Premises;
  readonly #dice: Dice;
  readonly #build: (machine: Machine, version: Version) => Host;
  readonly #version: (kind: Kind) => Version;
  readonly #isOneMachine: boolean;
  readonly #idle = new Map<Kind, Place<Host>[]>();
  readonly #all = new Set<Place<Host>>();
  #made = 0;
  #running = 0;

  constructor(options: {
    readonly premises: Premises;
    readonly dice: Dice;
    readonly isOneMachine: boolean;
    /** Makes what a machine has in memory: handlers and their caches. */
    readonly build: (machine: Machine, version: Version) => Host;
    /** The code that the next piece of work goes to. */
    readonly version: (kind: Kind) => Version;
  }) {
    this.#premises = options.premises;
    this.#dice = options.dice;
    this.#isOneMachine = options.isOneMachine;
    this.#build = options.build;
    this.#version = options.version;
  }

  /** How many functions run at this moment. */
  get running(): number {
    return this.#running;
  }

  /** Every machine dies: a deployment, or a power cut. */
  dieAll(): void {
    for (const { machine } of [...this.#all]) machine.die('with all the others');
  }

  async invoke<T>(kind: Kind, timeoutMs: number, work: Work<Host, T>): Promise<Ended<T>> {
    const place = this.#place(kind);
    const { machine, host } = place;
    const { time } = this.#premises;
    this.#running += 1;
    let isOver = false;
    const ended = await new Promise<Ended<T>>((resolve) => {
      const forget = machine.onDeath(() => resolve({ ended: 'died' }));
      const end = (how: Ended<T>) => {
        isOver = true;
        forget();
        resolve(how);
      };
      time.after(timeoutMs, () => isOver || machine.die('as its time is up'));
      work(host, this.#context(timeoutMs)).then(
        (value) => end({ ended: 'answered', value }),
        (error: unknown) => end({ ended: 'failed', error }),
      );
    });
    this.#running -= 1;
    isOver = true;
    if (machine.isDead) this.#all.delete(place);
    else if (!this.#isOneMachine) this.#idleOf(kind).push(place);
    return ended;
  }

  #place(kind: Kind): Place<Host> {
    if (this.#isOneMachine) {
      const [alive] = [...this.#all].filter(({ machine }) => !machine.isDead);
      return alive ?? this.#boot('machine', 'this');
    }
    const version = this.#version(kind);
    const alive = this.#idleOf(kind).filter(({ machine }) => !machine.isDead);
    const idle = alive.filter((place) => place.version === version);
    if (idle.length === 0 || this.#dice.chance(COLD_START)) return this.#boot(kind, version);
    const place = this.#dice.pick(idle);
    this.#idle.set(
      kind,
      alive.filter((other) => other !== place),
    );
    return place;
  }

  #idleOf(kind: Kind): Place<Host>[] {
    const idle = this.#idle.get(kind) ?? [];
    this.#idle.set(kind, idle);
    return idle;
  }

  #boot(kind: string, version: Version): Place<Host> {
    this.#made += 1;
    const machine = new Machine(
      `${kind}${MARK[version]}-${this.#made}`,
      this.#dice.whole(-SKEW_MS, SKEW_MS),
      this.#premises,
    );
    const place = { machine, version, host: this.#build(machine, version) };
    this.#all.add(place);
    return place;
  }

  #context(timeoutMs: number): Context {
    const { time } = this.#premises;
    const end = time.now() + timeoutMs;
    const awsRequestId = `request-${Math.floor(this.#dice.next() * 1e9).toString(36)}`;
    return {
      awsRequestId,
      callbackWaitsForEmptyEventLoop: false,
      functionName: 'simulated',
      functionVersion: '1',
      invokedFunctionArn: 'arn:aws:lambda:simulated',
      memoryLimitInMB: '512',
      logGroupName: 'simulated',
      logStreamName: 'simulated',
      getRemainingTimeInMillis: () => Math.max(0, end - time.now()),
      done() {},
      fail() {},
      succeed() {},
    };
  }
}
