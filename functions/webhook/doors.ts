import type { World } from '../provision/provisioner.ts';
import type { Configuration } from '../tenant/configuration.ts';
import { type WebhookHandler, webhookHandler } from './handler.ts';
import { pathOf } from './request.ts';
import { securityEventHandler } from './security/handler.ts';

/** Both front doors of this room, as one function serves them: `/{tenant}/hooks/…` and `/{tenant}/events`. */
export function openDoors(configuration: Configuration, world: World): WebhookHandler {
  const hooks = webhookHandler(configuration, world);
  const events = securityEventHandler(configuration, world);
  return (event, context) => (/^\/[^/]+\/events$/.test(pathOf(event)) ? events : hooks)(event, context);
}
