import type { PoolOptions, PoolRunnerInitializer, WorkerRequest } from 'vitest/node';
import { ThreadsPoolWorker } from 'vitest/node';

type Listener = (argument: unknown) => void;

/**
 * One thread that outlives the runs of a mutation test: to load the product's modules takes ten times as long as the tests
 * that reach a mutant.
 */
class WarmThread extends ThreadsPoolWorker {
  override readonly name = 'warm';
  #isStarted = false;
  #config: unknown;
  #listeners: { readonly event: string; readonly listener: Listener }[] = [];

  override on(event: string, listener: Listener): void {
    this.#listeners.push({ event, listener });
    super.on(event, listener);
  }

  override async start(): Promise<void> {
    if (!this.#isStarted) await super.start();
  }

  /** What every run begins and ends with is done once; a run is told of its configuration, which the start brings. */
  override send(message: WorkerRequest): void {
    const isFirst = !this.#isStarted;
    if (message.type === 'start') {
      this.#config = message.context.config;
      this.#isStarted = true;
    }
    if (message.type === 'run') Object.assign(message.context, { config: this.#config });
    if (message.type === 'stop') this.#answer('stopped');
    else if (message.type === 'start' && !isFirst) this.#answer('started');
    else super.send(message);
  }

  override async stop(): Promise<void> {
    for (const { event, listener } of this.#listeners) super.off(event, listener);
    this.#listeners = [];
  }

  #answer(type: 'started' | 'stopped'): void {
    const listeners = this.#listeners.filter(({ event }) => event === 'message');
    setImmediate(() => {
      for (const { listener } of listeners) listener({ type, __vitest_worker_response__: true });
    });
  }
}

let thread: WarmThread | undefined;

export const warmThread: PoolRunnerInitializer = {
  name: 'warm',
  createPoolWorker: (options: PoolOptions) => {
    thread ??= new WarmThread(options);
    return thread;
  },
};
