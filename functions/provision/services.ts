import type { Directory } from '../directory/directory.ts';
import type { Clock, Random } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Metrics } from '../runtime/metrics.ts';
import type { Transport } from '../runtime/transport.ts';
import type { Secrets } from '../tenant/secrets.ts';

/** What the outside world hands in, the same for all tenants. */
export interface Services {
  readonly directory: Directory;
  readonly secrets: Secrets;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  /** A new id each time, in the order of time (UUID version 7): a store writes ids that follow each other fastest. */
  readonly randomId: () => string;
  readonly log: Log;
  readonly metrics: Metrics;
  /** The doorbell: tells the drain that a tenant has due work. Losing one costs a minute, never a person. */
  readonly ring: (tenant: string) => Promise<void>;
}
