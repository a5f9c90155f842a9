import { providers } from '../functions/providers/registry.ts';
import { drain } from '../functions/provision/drain/drain.ts';
import type { Services } from '../functions/provision/services.ts';
import type { TenantProvisioning } from '../functions/provision/tenant.ts';
import { errorText } from '../functions/runtime/error-text.ts';
import { workPendingEvents } from '../functions/sources/pending-work.ts';

export interface Doorbell {
  ring(tenant: string): Promise<void>;
  /** Ends the drains between two records and waits for them. */
  close(): Promise<void>;
}

/** How long one drain runs before it begins anew: as a function on AWS would. */
const DRAIN_MS = 60_000;
const RETRY_MS = 1_000;

/** What a drain works with, of the configuration that is active when it begins. */
export interface Served {
  readonly tenants: (name: string) => TenantProvisioning | undefined;
  readonly services: Services;
}

/**
 * The queue of one machine: one drain a tenant at a time, begun when it rings, again when it rang meanwhile, and when a
 * record that failed or a pending event of a source becomes due.
 */
export function openDoorbell(served: () => Promise<Served | undefined>): Doorbell {
  const ending = new AbortController();
  const running = new Map<string, Promise<void>>();
  const rang = new Set<string>();
  const timers = new Map<string, NodeJS.Timeout>();

  const drainAll = async (name: string): Promise<void> => {
    while (!ending.signal.aborted) {
      rang.delete(name);
      // Where the directory gives no answer, the schedule rings again within a minute.
      const { tenants, services } = (await served().catch(() => undefined)) ?? {};
      const provisioning = tenants?.(name);
      if (services === undefined || provisioning === undefined) return;
      const { clock, log } = services;
      try {
        const drained = await drain(provisioning, services, clock.now() + DRAIN_MS, {
          signal: ending.signal,
          work: (...round) => workPendingEvents(providers, ...round),
        });
        if (drained.outcome === 'idle' && !rang.has(name)) {
          if (drained.nextAt !== undefined) wake(name, drained.nextAt - clock.now());
          return;
        }
      } catch (error) {
        log.error('a drain failed', {
          tenant: name,
          reason: errorText(error),
        });
        wake(name, RETRY_MS);
        return;
      }
    }
  };
  const wake = (name: string, milliseconds: number) => {
    clearTimeout(timers.get(name));
    timers.set(
      name,
      setTimeout(() => void ring(name), Math.max(1, milliseconds)),
    );
  };
  const ring = async (name: string): Promise<void> => {
    if (ending.signal.aborted) return;
    rang.add(name);
    if (running.has(name)) return;
    const drained = drainAll(name).finally(() => running.delete(name));
    running.set(name, drained);
  };

  return {
    ring,
    close: async () => {
      ending.abort();
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.all(running.values());
    },
  };
}
