import { openServed } from '../../provision/served.ts';
import type { Services } from '../../provision/services.ts';
import { correlated } from '../../runtime/correlation.ts';
import type { Limits } from '../../runtime/limits.ts';
import { NO_TENANT } from '../../runtime/metrics.ts';
import type { Generations } from '../../tenant/generation/current.ts';
import { NO_GENERATION } from '../../tenant/generation/none.ts';
import { ScimError } from './error.ts';
import { failureOf } from './failure.ts';
import { type ScimHandler, scimHandler } from './handler.ts';
import { errorResult } from './response.ts';

type OpenInline = Parameters<typeof scimHandler>[2];

/** The front door for SCIM with the configuration that is active; 503 while none is, or none can be read. */
export function scimDoor(
  generations: Generations,
  services: Services,
  openInline: OpenInline,
  limits?: Limits,
): ScimHandler {
  const served = openServed(generations, services, (...with_) => scimHandler(...with_, openInline, limits));
  return async (event, context) => {
    try {
      const handler = await served();
      if (handler !== undefined) return await handler(event, context);
      throw new ScimError(503, NO_GENERATION, { headers: { 'retry-after': '30' } });
    } catch (error) {
      const correlation = context.awsRequestId;
      return correlated(correlation, () =>
        errorResult(failureOf(error, services, NO_TENANT), correlation, event),
      );
    }
  };
}
