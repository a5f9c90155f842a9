import type { Context } from 'aws-lambda';
import { servedHandler } from '../../provision/served.ts';
import type { Services } from '../../provision/services.ts';
import { openTenants } from '../../provision/tenant.ts';
import { inTurn } from '../../reconcile/turns.ts';
import { correlated } from '../../runtime/correlation.ts';
import { errorText } from '../../runtime/error-text.ts';
import type { Configuration } from '../../tenant/configuration.ts';
import type { Generations } from '../../tenant/generation/current.ts';
import type { SourceProviders } from '../provider.ts';
import { readDueSources } from './schedule.ts';

const MARGIN_MS = 15_000;

/** The same with the configuration that is active; without one there is no source to read. */
export function syncOfGenerations(providers: SourceProviders, generations: Generations, services: Services) {
  const build = (...with_: Parameters<typeof openTenants>) => syncHandler(providers, ...with_);
  return servedHandler(generations, services, build, () => {});
}

/**
 * Reads the sources of all tenants that are to be read, a page after the other while there is time. What isn't over goes
 * on with the next invocation, which comes every minute: a lease a source keeps two of them apart.
 */
export function syncHandler(providers: SourceProviders, configuration: Configuration, services: Services) {
  const tenants = openTenants(configuration, services);
  return (_: unknown, context: Context): Promise<void> =>
    correlated(context.awsRequestId, async () => {
      const until = services.clock.now() + context.getRemainingTimeInMillis() - MARGIN_MS;
      await inTurn(services, 'sync', Object.keys(configuration.tenants), until, async (name) => {
        const provisioning = tenants(name);
        if (provisioning === undefined) return;
        await readDueSources(providers, provisioning, services, until).catch((error: unknown) => {
          services.log.error('scheduled work failed', { tenant: name, reason: errorText(error) });
          services.metrics.count('ScheduleFailed', { tenant: name });
        });
      });
    });
}
