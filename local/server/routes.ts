import { providers } from '../../functions/providers/registry.ts';
import { openInline } from '../../functions/provision/accept-inline.ts';
import type { Services } from '../../functions/provision/services.ts';
import type { Limits } from '../../functions/runtime/limits.ts';
import { scimDoor } from '../../functions/scim/http/generations.ts';
import type { Generations } from '../../functions/tenant/generation/current.ts';
import { webhookDoors } from '../../functions/webhook/generations.ts';
import type { HttpFunction } from '../gateway.ts';

/**
 * As the HTTP API on AWS routes: `/{tenant}/hooks/…`, `/{tenant}/events`, `/{tenant}/console/…` and `/health`; all else is
 * SCIM's, which says what the base URL has to be. `/` leads to the console here alone.
 */
export function routes(
  generations: Generations,
  services: Services,
  limits: Limits,
  pages: HttpFunction,
  first: string,
): (path: string) => HttpFunction {
  const scim = scimDoor(generations, services, openInline, limits);
  const hooks = webhookDoors(generations, services, providers, limits);
  return (path) => {
    if (path === '/health' || /^\/[^/]+\/(hooks\/[^/]|events$)/.test(path)) return hooks;
    if (path === '/') return async () => ({ statusCode: 302, headers: { location: `/${first}/console` } });
    if (/^\/[^/]+\/console(\/|$)/.test(path)) return pages;
    return scim;
  };
}
