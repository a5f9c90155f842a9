import { errorText } from '../../runtime/error-text.ts';
import type { Services } from '../services.ts';
import type { TenantProvisioning } from '../tenant.ts';

/**
 * Does a tenant's pending events that are due; `nextAt` (epoch ms) is when the next one will be. The entry point hands it
 * in: provisioning knows no source.
 *
 * @param until epoch milliseconds after which none is begun
 */
export type WorkPendingEvents = (
  provisioning: TenantProvisioning,
  services: Services,
  until: number,
  signal?: AbortSignal,
) => Promise<{ readonly nextAt?: number }>;

/** Rounds of pending events beside a drain's records: a provider that is slow to answer keeps no record waiting. */
export interface PendingEventRounds {
  /** The round under way, begun now if it is time for one. It never rejects. */
  current(): Promise<void> | undefined;
  readonly running: Promise<void> | undefined;
  /** Epoch milliseconds when the next event is due, as the last round said. */
  readonly nextAt: number | undefined;
}

/** A pending event is three calls at most to a provider that may take ten seconds each. */
const TASK_MS = 30_000;
/** Events that come while a drain is busy with records wait so long for the next round. */
const EVERY_MS = 5_000;
/** A round that failed is tried again after so long: what is broken mustn't keep a function running. */
const FAILED_MS = 60_000;
/** The index of due events is a moment behind. */
const RACE_MS = 50;

export function openPendingEventRounds(
  work: WorkPendingEvents | undefined,
  provisioning: TenantProvisioning,
  services: Services,
  until: number,
  signal?: AbortSignal,
): PendingEventRounds {
  const { clock, log } = services;
  const last = until - TASK_MS;
  let running: Promise<void> | undefined;
  let notBefore = 0;
  let nextAt: number | undefined;

  const round = async (wanted: WorkPendingEvents): Promise<void> => {
    try {
      nextAt = (await wanted(provisioning, services, last, signal)).nextAt;
      notBefore = Math.min(clock.now() + EVERY_MS, Math.max(clock.now() + RACE_MS, nextAt ?? Infinity));
    } catch (error) {
      notBefore = clock.now() + FAILED_MS;
      nextAt = notBefore;
      log.error('the pending events of a tenant could not be worked on', {
        tenant: provisioning.name,
        reason: errorText(error),
      });
    }
    running = undefined;
  };
  return {
    current: () => {
      if (work === undefined || running !== undefined || signal?.aborted === true) return running;
      const now = clock.now();
      if (now >= notBefore && now < last) running = round(work);
      return running;
    },
    get running() {
      return running;
    },
    get nextAt() {
      return nextAt;
    },
  };
}
