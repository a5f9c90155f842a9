import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { correlated } from '../../runtime/correlation.ts';
import { errorText } from '../../runtime/error-text.ts';
import { once } from '../../runtime/once.ts';
import type { Configuration } from '../../tenant/configuration.ts';
import type { Generations } from '../../tenant/generation/current.ts';
import { servedHandler } from '../served.ts';
import type { Services } from '../services.ts';
import { openTenants } from '../tenant.ts';
import { drain } from './drain.ts';
import type { WorkPendingEvents } from './pending-event-rounds.ts';

/** The doorbell's message: which tenant has due work. It carries no data, so losing or doubling one changes nothing. */
const messageSchema = once(() => z.object({ tenant: z.string() }));

/** What ending takes after the last record. */
const MARGIN_MS = 2_000;

interface DrainParts {
  /** Does the pending events of a tenant's sources, which this room knows nothing of. */
  readonly work?: WorkPendingEvents;
}

/** The drain with the configuration that is active; without one no tenant has anything due. */
export function drainOfGenerations(generations: Generations, services: Services, parts: DrainParts = {}) {
  const build = (...with_: Parameters<typeof openTenants>) => provisionHandler(...with_, parts);
  return servedHandler(generations, services, build, () => ({ batchItemFailures: [] }));
}

/**
 * Drains the tenants that rang: SQS FIFO, message group = tenant. A tenant whose drain fails goes back into the queue,
 * and in the end to the dead-letter queue; the others are done with.
 */
export function provisionHandler(
  configuration: Configuration,
  services: Services,
  { work }: DrainParts = {},
) {
  const tenants = openTenants(configuration, services);
  return async (event: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
    const failures: SQSBatchResponse['batchItemFailures'] = [];
    const done = new Set<string>();
    for (const { messageId, body } of event.Records) {
      const { tenant } = messageSchema().parse(JSON.parse(body));
      const provisioning = tenants(tenant);
      // A tenant that is no longer configured has nothing due; several rings of one are one.
      if (provisioning === undefined || done.has(tenant)) continue;
      done.add(tenant);
      try {
        const until = services.clock.now() + context.getRemainingTimeInMillis() - MARGIN_MS;
        let rung: Promise<boolean> | undefined;
        const onNearlyOver = () => {
          rung = services.ring(tenant);
        };
        const { outcome } = await correlated(context.awsRequestId, () =>
          drain(provisioning, services, until, { work, onNearlyOver }),
        );
        // The message itself is the next ring where none can be sent.
        if (!(await rung) && outcome === 'more' && !(await services.ring(tenant)))
          failures.push({ itemIdentifier: messageId });
      } catch (error) {
        services.log.error('a drain failed', {
          tenant,
          reason: errorText(error),
        });
        failures.push({ itemIdentifier: messageId });
      }
    }
    return { batchItemFailures: failures };
  };
}
