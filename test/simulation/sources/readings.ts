import { openTenant } from '../../../functions/provision/tenant.ts';
import { type ReadingEnd, readSource } from '../../../functions/sources/sync/reading.ts';
import { openListed } from '../../../functions/sources/sync/source.ts';
import type { Finished, ReadingKind } from '../../../functions/sources/sync/state.ts';
import type { TenantConfiguration } from '../../../functions/tenant/configuration.ts';
import type { Installation } from '../installation.ts';
import type { Platform } from '../platform.ts';
import { TENANT } from '../scim-call.ts';
import type { Trace } from '../trace.ts';
import type { VirtualTime } from '../virtual-time.ts';

const MINUTE_MS = 60_000;
const TIMEOUT_MS = 15 * MINUTE_MS;
/** Minutes in which nothing would be read are left out, for speed. */
const EVERY_MS = 10 * MINUTE_MS;
const PATIENCE_MS = 24 * 60 * MINUTE_MS;

/** Reads the sources: once by an operator before all else, then by the clock, and once more when all is over. */
export class Readings {
  readonly #time: VirtualTime;
  readonly #trace: Trace;
  readonly #platform: () => Platform<Installation>;
  readonly #tenant: () => Promise<TenantConfiguration>;

  constructor(options: {
    readonly time: VirtualTime;
    readonly trace: Trace;
    readonly platform: () => Platform<Installation>;
    readonly tenant: () => Promise<TenantConfiguration>;
  }) {
    this.#time = options.time;
    this.#trace = options.trace;
    this.#platform = options.platform;
    this.#tenant = options.tenant;
  }

  /** Reads by the clock from now on. */
  start(): void {
    this.#time.after(EVERY_MS, () => this.start());
    void this.#platform().invoke('sync', TIMEOUT_MS, (host, context) => host.sync({}, context));
  }

  /**
   * An operator reads a source, again and again until it is read to its end.
   *
   * @param accepts the operator takes the list as it is, however short
   * @throws Error when that doesn't come to be within a day
   */
  async read(name: string, kind: ReadingKind, accepts = false): Promise<Finished> {
    const until = this.#time.now() + PATIENCE_MS;
    let accept: number | undefined;
    let reads = kind;
    for (;;) {
      const end = await this.#once(name, reads, accept);
      this.#trace.note('operator', () => `reads ${name} (${reads}): ${JSON.stringify(end)}`);
      if (end?.outcome === 'cursor-lost') {
        reads = 'full';
        continue;
      }
      if (end?.outcome === 'done') {
        if (end.finished.outcome === 'complete') return end.finished;
        if (accepts) accept = end.finished.rows;
      }
      if (this.#time.now() > until) throw new Error(`${name} can not be read: ${JSON.stringify(end)}`);
      await this.#time.sleep(5 * MINUTE_MS);
    }
  }

  async #once(name: string, kind: ReadingKind, accept: number | undefined): Promise<ReadingEnd | undefined> {
    const tenant = await this.#tenant();
    const settings = tenant.sources[name];
    if (settings === undefined) throw new Error(`${name} is no source`);
    const ended = await this.#platform().invoke('operator', TIMEOUT_MS, async ({ services, providers }) => {
      const provisioning = openTenant(TENANT, tenant, services);
      const opened = await openListed(providers, provisioning, services, name, settings);
      if (opened === undefined) throw new Error(`${name} has no list`);
      return readSource(opened, { kind, accept, until: services.clock.now() + TIMEOUT_MS - MINUTE_MS });
    });
    if (ended.ended === 'failed') this.#trace.note('operator', () => `reading ${name} fails: ${ended.error}`);
    return ended.ended === 'answered' ? ended.value : undefined;
  }
}
