import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * The id that ties together everything that one request or event causes: log lines, records, calls. Handlers begin it,
 * logs read it; nothing in between passes it along.
 */
const current = new AsyncLocalStorage<string>();

/** Runs `work` under a correlation id. */
export function correlated<T>(id: string, work: () => T): T {
  return current.run(id, work);
}

/** The id of the request or event that is worked on, if there is one. */
export function correlationId(): string | undefined {
  return current.getStore();
}

/** As much of an id as a person can read out, and enough to find it in the logs. */
export function shortId(id: string): string {
  return id.slice(0, 8);
}
