import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { openServed } from '../provision/served.ts';
import type { Services } from '../provision/services.ts';
import { correlated } from '../runtime/correlation.ts';
import { errorTrace } from '../runtime/error-text.ts';
import type { Limits } from '../runtime/limits.ts';
import { pathOf } from '../runtime/path.ts';
import type { Generations } from '../tenant/generation/current.ts';
import { NO_GENERATION } from '../tenant/generation/none.ts';
import { openDoors } from './doors.ts';
import type { WebhookHandler } from './handler.ts';
import type { WebhookProviders } from './provider.ts';
import { failedResult, unreadyResult } from './response.ts';

/** The front doors of this room with the configuration that is active; 503 while none is, or none can be read. */
export function webhookDoors(
  generations: Generations,
  services: Services,
  providers: WebhookProviders,
  limits?: Limits,
): WebhookHandler {
  const served = openServed(generations, services, (...with_) => openDoors(...with_, providers, limits));
  const answer: WebhookHandler = async (event, context) => {
    let doors: WebhookHandler | undefined;
    try {
      doors = await served();
    } catch (error) {
      return failed(error, services, context.awsRequestId);
    }
    return doors === undefined ? unreadyResult(NO_GENERATION) : doors(event, context);
  };
  return async (event, context) =>
    pathOf(event) === '/health' ? { statusCode: 204 } : answer(event, context);
}

function failed(error: unknown, { log }: Services, correlation: string): APIGatewayProxyStructuredResultV2 {
  return correlated(correlation, () => {
    log.error('the configuration can not be read', { reason: errorTrace(error) });
    return failedResult(error, undefined, correlation);
  });
}
