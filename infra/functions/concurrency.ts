/** How many executions at once each function has for itself, and no more. */
export interface Concurrency {
  readonly scim: number;
  readonly webhook: number;
  readonly drain: number;
  readonly reconcile: number;
  readonly signup: number;
  /** Of the function that reads sources, where there is one. */
  readonly sync?: number;
}

/** Lambda takes from the queue for the drain at least so many at once. */
const LEAST_OF_DRAIN = 2;
/** A minute's look takes five minutes at most, so that six can run, and beside them a reconciliation. */
const LEAST_OF_RECONCILE = 8;
/** It runs for a quarter of an hour at most, and another begins every minute: a tenant's long reading stops no other's. */
const LEAST_OF_SYNC = 3;

/** The least that can be shared out. */
export const LEAST_CONCURRENCY = 40;

/**
 * Shares executions out: half to SCIM, whose requests wait for SmartAssist, and to each other function what keeps the others
 * from using up its part.
 *
 * @param readsSources whether there is the function that reads sources
 */
export function shareConcurrency(total: number, readsSources: boolean): Concurrency {
  const share = (percent: number, least = 1) => Math.max(least, Math.floor((total * percent) / 100));
  const others = {
    webhook: share(20),
    drain: share(20, LEAST_OF_DRAIN),
    reconcile: share(2, LEAST_OF_RECONCILE),
    signup: share(5),
    ...(readsSources ? { sync: share(2, LEAST_OF_SYNC) } : {}),
  };
  const taken = Object.values(others).reduce((sum, each) => sum + each, 0);
  return { scim: total - taken, ...others };
}
