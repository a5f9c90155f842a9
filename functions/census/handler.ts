import type { Context } from 'aws-lambda';
import * as z from 'zod';
import type { World } from '../provision/provisioner.ts';
import { openTenants } from '../provision/tenants.ts';
import { correlated } from '../runtime/correlation.ts';
import type { Configuration } from '../tenant/configuration.ts';
import { takeCensus } from './census.ts';
import { eraseExpired } from './erase.ts';

/** What the schedule sends: `minute` rings and erases and goes on with a census, `census` begins one. */
const eventSchema = z.object({ kind: z.enum(['minute', 'census']) });

const MARGIN_MS = 5_000;

/** The schedule's function: makes up for doorbells that were lost, and keeps the directory and SmartAssist together. */
export function censusHandler(configuration: Configuration, world: World) {
  const tenants = openTenants(configuration, world);
  return (event: unknown, context: Context): Promise<void> =>
    correlated(context.awsRequestId, async () => {
      const { kind } = eventSchema.parse(event);
      const until = world.clock.now() + context.getRemainingTimeInMillis() - MARGIN_MS;
      const names = Object.keys(configuration.tenants);
      const failures: unknown[] = [];
      for (const name of names) {
        await world.ring(name).catch((error: unknown) => failures.push(error));
      }
      for (const name of names) {
        const provisioning = tenants(name);
        if (provisioning === undefined) continue;
        try {
          await eraseExpired(world, name);
          await takeCensus(provisioning, world, until, kind === 'census');
        } catch (error) {
          failures.push(error);
          world.log.error('scheduled work failed', { tenant: name, reason: String(error) });
        }
      }
      if (failures.length > 0)
        throw new Error(`scheduled work failed ${failures.length} times; see the lines above`);
    });
}
