import { openServed } from '../provision/served.ts';
import type { Services } from '../provision/services.ts';
import { errorTrace } from '../runtime/error-text.ts';
import type { Generations } from '../tenant/generation/current.ts';
import { NO_GENERATION } from '../tenant/generation/none.ts';
import { type ConsoleHandler, consoleHandler } from './handler.ts';
import type { Access } from './session/access.ts';

/** The front door for operators with the configuration that is active; 503 while none is, or none can be read. */
export function consoleDoor(generations: Generations, services: Services, access: Access): ConsoleHandler {
  const served = openServed(generations, services, (...with_) => consoleHandler(...with_, access));
  return async (event, context) => {
    try {
      const handler = await served();
      if (handler !== undefined) return await handler(event, context);
    } catch (error) {
      services.log.error('the configuration can not be read', { reason: errorTrace(error) });
    }
    return {
      statusCode: 503,
      headers: { 'content-type': 'text/plain; charset=utf-8', 'retry-after': '30' },
      body: NO_GENERATION,
    };
  };
}
