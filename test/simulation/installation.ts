import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { openDirectory } from '../../functions/directory/directory.ts';
import type { Table } from '../../functions/directory/table.ts';
import { openInline } from '../../functions/provision/accept-inline.ts';
import { drainOfGenerations } from '../../functions/provision/drain/handler.ts';
import { openServices, type Services } from '../../functions/provision/services.ts';
import { scheduleOfGenerations } from '../../functions/reconcile/handler.ts';
import type { Log } from '../../functions/runtime/log.ts';
import { silentMetrics } from '../../functions/runtime/metrics.ts';
import type { Transport } from '../../functions/runtime/transport.ts';
import { scimDoor } from '../../functions/scim/http/generations.ts';
import type { ScimHandler } from '../../functions/scim/http/handler.ts';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import { openGenerations } from '../../functions/tenant/generation/current.ts';
import { FORM } from '../../functions/tenant/generation/store.ts';
import { openSecrets } from '../../functions/tenant/secrets/secrets.ts';
import type { Dice } from './dice.ts';
import type { Machine } from './machine.ts';
import type { Version } from './releases/rollout.ts';
import { bundledHandlers, NEXT_FORM, ofNextVersion } from './releases/versions.ts';
import type { Trace } from './trace.ts';
import type { Weather } from './weather.ts';

/** What one machine has in memory: the product's own handlers, over a world that only this machine sees so. */
export interface Installation {
  readonly services: Services;
  readonly scim: ScimHandler;
  readonly drain: ReturnType<typeof drainOfGenerations>;
  readonly schedule: ReturnType<typeof scheduleOfGenerations>;
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
  /** The tenant's secret as it is at this moment, as JSON. */
  readonly secret: () => string;
  readonly ring: () => void;
}): Installation {
  const { adapt, version, machine, table, transport, dice, weather, trace, secret, ring } = options;
  const { clock } = machine;
  const opened = openDirectory(table, clock);
  const directory = version === 'next' ? ofNextVersion(opened) : opened;
  const generations = openGenerations({
    directory,
    clock,
    adapt,
    form: version === 'next' ? NEXT_FORM : FORM,
  });
  const services = openServices({
    directory,
    secrets: openSecrets({ client: secretsManager(), clock, prefix: 'agent-provisioner/simulation' }),
    transport,
    clock,
    random: dice.next,
    randomId: () => idOf(clock.now(), dice),
    log: logOf(machine, trace),
    metrics: silentMetrics,
    ring: () =>
      machine.wait({ what: 'the doorbell', latencyMs: dice.whole(1, 20), work: async () => ring() }),
  });
  if (version === 'bundled') return { services, ...bundledHandlers(options.bundled(), services) };
  return {
    services,
    scim: scimDoor(generations, services, openInline),
    drain: drainOfGenerations(generations, services),
    schedule: scheduleOfGenerations(generations, services),
  };

  /** The one command of it that the product knows. */
  function secretsManager(): SecretsManagerClient {
    const send = () =>
      machine.wait({
        what: 'reading the secret',
        latencyMs: dice.whole(1, 50),
        fails: dice.chance(weather().secretsFail) ? 'before' : undefined,
        work: async () => ({ SecretString: secret() }),
      });
    return { send } as unknown as SecretsManagerClient;
  }
}

/** In the order of time, as the product's own ids are. */
function idOf(now: number, dice: Dice): string {
  const chance = Math.floor(dice.next() * 2 ** 48)
    .toString(16)
    .padStart(12, '0');
  return `${now.toString(16).padStart(12, '0')}-${chance}`;
}

function logOf({ name }: Machine, trace: Trace): Log {
  const write = (message: string, fields: Readonly<Record<string, unknown>> = {}) =>
    trace.note(name, () => `${message} ${JSON.stringify(fields)}`);
  return { debug() {}, info: write, warn: write, error: write };
}
