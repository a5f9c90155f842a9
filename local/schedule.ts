import { randomUUID } from 'node:crypto';
import { notify } from '../functions/operate/notify/notify.ts';
import { logActions } from '../functions/operate/unlogged.ts';
import { providers } from '../functions/providers/registry.ts';
import type { Services } from '../functions/provision/services.ts';
import { scheduleOfGenerations } from '../functions/reconcile/handler.ts';
import { readReconciliation } from '../functions/reconcile/report.ts';
import { tendSources } from '../functions/sources/schedule.ts';
import { syncOfGenerations } from '../functions/sources/sync/handler.ts';
import type { Generations } from '../functions/tenant/generation/current.ts';
import { contextOf } from './context.ts';

export interface Schedule {
  close(): Promise<void>;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** As long as a function may take on AWS. */
const SYNC_MS = 15 * MINUTE_MS;

/** The schedule of one machine: every minute what EventBridge does every minute on AWS, and a reconciliation once a day. */
export function openSchedule(generations: Generations, services: Services): Schedule {
  const handle = scheduleOfGenerations(generations, services, {
    tend: (...minute) => tendSources(providers, ...minute),
    logActions,
    notify: (...tenant) => notify(...tenant, { print: (text) => console.log(text) }),
  });
  let running: Promise<void> = Promise.resolve();
  let ended = false;

  const isReconciliationDue = async (): Promise<boolean> => {
    const now = services.clock.now();
    const { tenants } = (await generations.current())?.configuration ?? { tenants: {} };
    const known = await Promise.all(Object.keys(tenants).map((name) => readReconciliation(services, name)));
    return known.every((each) => each === undefined || now - Date.parse(each.startedAt) > DAY_MS);
  };
  const tick = async (): Promise<void> => {
    const kind = (await isReconciliationDue()) ? 'census' : 'minute';
    await handle({ kind }, contextOf(randomUUID(), MINUTE_MS));
  };
  const timer = setInterval(() => {
    // One at a time: a reconciliation waits for its calls.
    running = running.then(async () => {
      if (ended) return;
      await tick().catch((error: Error) => {
        // What ends in the middle of a tick loses nothing: the next start goes on with it.
        if (!ended) services.log.error('the schedule failed', { reason: error.message });
      });
    });
  }, MINUTE_MS);
  timer.unref();
  const sync = openSync(generations, services, () => ended);

  return {
    close: async () => {
      ended = true;
      clearInterval(timer);
      sync.close();
    },
  };
}

/** Reads what is to be read of sources, every minute, beside all else: a provider may throttle for long. */
function openSync(generations: Generations, services: Services, hasEnded: () => boolean) {
  const handle = syncOfGenerations(providers, generations, services);
  let isRunning = false;
  const timer = setInterval(async () => {
    if (isRunning || hasEnded()) return;
    isRunning = true;
    await handle({}, contextOf(randomUUID(), SYNC_MS)).catch((error: Error) => {
      if (!hasEnded()) services.log.error('sources could not be read', { reason: error.message });
    });
    isRunning = false;
  }, MINUTE_MS);
  timer.unref();
  return { close: () => clearInterval(timer) };
}
