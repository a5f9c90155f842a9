import type { Services } from '../provision/services.ts';
import { type Limits, NO_LIMITS } from '../runtime/limits.ts';
import { once } from '../runtime/once.ts';
import { pathOf } from '../runtime/path.ts';
import type { Configuration } from '../tenant/configuration.ts';
import { type WebhookHandler, webhookHandler } from './handler.ts';
import type { WebhookProviders } from './provider.ts';

/**
 * Both front doors of this room, as one function serves them: `/{tenant}/hooks/…` and `/{tenant}/events`. Being the smallest
 * function behind the API, it says at `/health` that API and functions are alive; nothing else is asked or told, and it is
 * said with and without a configuration.
 */
export function openDoors(
  configuration: Configuration,
  services: Services,
  providers: WebhookProviders,
  limits: Limits = NO_LIMITS,
): WebhookHandler {
  const hooks = webhookHandler(configuration, services, providers, limits);
  // Few tenants have a transmitter: a start doesn't read the code of it.
  const events = once(async () => {
    const { securityEventHandler } = await import('./security-events/handler.ts');
    return securityEventHandler(configuration, services, providers, limits);
  });
  return async (event, context) => {
    const path = pathOf(event);
    if (path === '/health') return { statusCode: 204 };
    const isEvent = /^\/[^/]+\/events$/.test(path);
    return (isEvent ? await events() : hooks)(event, context);
  };
}
