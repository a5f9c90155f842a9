import type { Directory } from '../directory/directory.ts';
import type { Table } from '../directory/table.ts';
import type { Clock, Random } from '../runtime/clock.ts';
import { errorText } from '../runtime/error-text.ts';
import type { Log } from '../runtime/log.ts';
import type { Metrics } from '../runtime/metrics.ts';
import type { Transport } from '../runtime/transport.ts';
import type { Secrets } from '../tenant/secrets/secrets.ts';

/** What an entry point hands in, the same for all tenants. */
export interface ServiceOptions extends Omit<Services, 'ring'> {
  /** Sends the doorbell's message; rejects when the queue does. */
  readonly ring: (tenant: string) => Promise<void>;
}

/** Which version of the configuration work is done under. */
export interface ServedGeneration {
  readonly number: number;
  /** Of its content: what a plan was approved for. */
  readonly digest: string;
  /** False where a newer one is active that this code can't read. */
  readonly isActive: boolean;
  /**
   * Whether another generation is to be worked with by now; costs a small read at most. `anew`: a newer one has left its
   * mark, so what was read within the last 30 seconds isn't enough.
   */
  readonly isOutdated: (anew?: 'anew') => Promise<boolean>;
}

/** What every room works with, the same for all tenants. */
export interface Services {
  readonly directory: Directory;
  /** The directory in another table, where stacks share a call budget; on one machine there is none. */
  readonly directoryAt?: (table: string) => Directory;
  /** What the directory is kept in: a dry run reads it, and keeps what it would write. Absent where there is none. */
  readonly table?: Table;
  readonly secrets: Secrets;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  /** A new id each time, in the order of time (UUID version 7): a store writes ids that follow each other fastest. */
  readonly randomId: () => string;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The generation of the configuration that the work is done under; absent for commands, which work from a file. */
  readonly generation?: ServedGeneration;
  /**
   * The doorbell: tells the drain that a tenant has due work. It never rejects, since its caller has stored its work and
   * the schedule rings again within a minute. False when the queue did not take the message.
   */
  readonly ring: (tenant: string) => Promise<boolean>;
}

/** Puts the services together; a doorbell that fails is logged and counted here, once for all callers. */
export function openServices({ ring, ...rest }: ServiceOptions): Services {
  return {
    ...rest,
    ring: async (tenant) => {
      try {
        await ring(tenant);
        return true;
      } catch (error) {
        rest.metrics.count('DoorbellFailed', { tenant });
        rest.log.warn('the doorbell failed', { tenant, reason: errorText(error) });
        return false;
      }
    },
  };
}

/**
 * Does what may ring often (a bulk request, a batch of events) and rings once for each tenant at its end, however that
 * ends: one message tells the drain as much as five hundred.
 */
export async function ringingOnce<Result>(
  services: Services,
  work: (services: Services) => Promise<Result>,
): Promise<Result> {
  const rung = new Set<string>();
  const ring = async (tenant: string) => {
    rung.add(tenant);
    return true;
  };
  try {
    return await work({ ...services, ring });
  } finally {
    for (const tenant of rung) await services.ring(tenant);
  }
}
