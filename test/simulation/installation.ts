// Loaded before virtual time begins: what functions import on demand takes real time the first time.
import '../../functions/provision/agent/list-search.ts';
import '../../functions/provision/drain/remap.ts';
import '../../functions/provision/leaving/removal.ts';
import { openDirectory } from '../../functions/directory/directory.ts';
import type { Table } from '../../functions/directory/table.ts';
import { openInline } from '../../functions/provision/accept-inline.ts';
import { drainOfGenerations } from '../../functions/provision/drain/handler.ts';
import type { WorkPendingEvents } from '../../functions/provision/drain/pending-event-rounds.ts';
import { openServices, type Services } from '../../functions/provision/services.ts';
import { scheduleOfGenerations, type TendSources } from '../../functions/reconcile/handler.ts';
import type { Log } from '../../functions/runtime/log.ts';
import { silentMetrics } from '../../functions/runtime/metrics.ts';
import type { Transport } from '../../functions/runtime/transport.ts';
import { scimDoor } from '../../functions/scim/http/generations.ts';
import type { ScimHandler } from '../../functions/scim/http/handler.ts';
import { workPendingEvents } from '../../functions/sources/pending-work.ts';
import { tendSources } from '../../functions/sources/schedule.ts';
import { syncOfGenerations } from '../../functions/sources/sync/handler.ts';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import { openGenerations } from '../../functions/tenant/generation/current.ts';
import { FORM } from '../../functions/tenant/generation/store.ts';
import { openSecrets, type Secrets } from '../../functions/tenant/secrets/secrets.ts';
import { webhookDoors } from '../../functions/webhook/generations.ts';
import type { WebhookHandler } from '../../functions/webhook/handler.ts';
import type { Dice } from './dice.ts';
import type { Machine } from './machine.ts';
import type { Version } from './releases/rollout.ts';
import { bundledHandlers, NEXT_FORM, ofNextVersion } from './releases/versions.ts';
import { TENANT } from './scim-call.ts';
import { watchedDoor } from './services/door-watch.ts';
import { leakOf } from './services/log-watch.ts';
import { reachSecrets, type SecretText } from './services/secrets-manager.ts';
import { smallPages } from './services/small-pages.ts';
import type { Providers } from './sources/providers.ts';
import type { Trace } from './trace.ts';
import type { Weather } from './weather.ts';

/** What one machine has in memory: the product's own handlers, over a world that only this machine sees so. */
export interface Installation {
  readonly services: Services;
  readonly providers: Providers;
  readonly scim: ScimHandler;
  readonly webhook: WebhookHandler;
  readonly drain: ReturnType<typeof drainOfGenerations>;
  readonly schedule: ReturnType<typeof scheduleOfGenerations>;
  readonly sync: ReturnType<typeof syncOfGenerations>;
}

export function install(options: {
  /** The same object for the same configuration. */
  readonly adapt: (configuration: Configuration) => Configuration;
  readonly version: Version;
  /** The configuration that was in the code before there were generations. */
  readonly bundled: () => Configuration;
  readonly machine: Machine;
  readonly table: Table;
  readonly transport: Transport;
  readonly dice: Dice;
  readonly weather: () => Weather;
  readonly trace: Trace;
  readonly secret: SecretText;
  /** Opens the product's own secrets in another way. */
  readonly secrets: ((open: () => Secrets) => Secrets) | undefined;
  /** Hears of each rule that is broken. */
  readonly breaks: (rule: string) => void;
  /** The most that a page of the directory holds. */
  readonly pageSize: number | undefined;
  readonly ring: (tenant: string) => void;
  readonly providers: Providers;
  /** The tenant has sources beside SCIM. */
  readonly hasSources: boolean;
}): Installation {
  const { adapt, version, machine, table, transport, dice, weather, trace, ring } = options;
  const { breaks, pageSize } = options;
  const { providers, hasSources } = options;
  const { clock } = machine;
  const opened = smallPages(openDirectory(table, clock), pageSize);
  const directory = version === 'next' ? ofNextVersion(opened) : opened;
  const generations = openGenerations({
    directory,
    clock,
    adapt,
    form: version === 'next' ? NEXT_FORM : FORM,
  });
  const reach = reachSecrets(machine, dice, weather, options.secret);
  const log = logOf(machine, trace, breaks);
  const secrets = () => openSecrets({ client: reach.client, clock, prefix: PREFIX, log });
  const services = openServices({
    directory,
    secrets: options.secrets?.(secrets) ?? secrets(),
    transport,
    clock,
    random: dice.next,
    randomId: () => idOf(clock.now(), dice),
    log,
    metrics: silentMetrics,
    ring: (tenant) =>
      machine.wait({ what: 'the doorbell', latencyMs: dice.whole(1, 20), work: async () => ring(tenant) }),
  });
  const watch = {
    machine,
    prefix: PREFIX,
    readAt: reach.readAt,
    breaks,
    isSound: (tenant: string) => tenant === TENANT,
  };
  const work: WorkPendingEvents = (...round) => workPendingEvents(providers, ...round);
  const tend: TendSources = (...minute) => tendSources(providers, ...minute);
  const care = hasSources ? { work, tend } : {};
  if (version === 'bundled') {
    const handlers = bundledHandlers(options.bundled(), services, providers, care);
    return { services, providers, ...handlers, scim: watchedDoor(handlers.scim, watch) };
  }
  return {
    services,
    providers,
    scim: watchedDoor(scimDoor(generations, services, openInline), watch),
    webhook: webhookDoors(generations, services, providers),
    drain: drainOfGenerations(generations, services, care),
    schedule: scheduleOfGenerations(generations, services, care),
    sync: syncOfGenerations(providers, generations, services),
  };
}

const PREFIX = 'agent-provisioner/simulation';

/** In the order of time, as the product's own ids are. */
function idOf(now: number, dice: Dice): string {
  const chance = Math.floor(dice.next() * 2 ** 48)
    .toString(16)
    .padStart(12, '0');
  return `${now.toString(16).padStart(12, '0')}-${chance}`;
}

function logOf(machine: Machine, trace: Trace, breaks: (rule: string) => void): Log {
  const write = (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
    if (machine.isDead) return;
    const line = `${message} ${JSON.stringify(fields)}`;
    const leak = leakOf(line);
    if (leak !== undefined) breaks(leak);
    trace.note(machine.name, line);
  };
  return { debug: write, info: write, warn: write, error: write };
}
