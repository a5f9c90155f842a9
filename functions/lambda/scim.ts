import { openLimits } from '../runtime/limits.ts';
import { once } from '../runtime/once.ts';
import { behindOrigin } from '../runtime/origin.ts';
import { scimDoor } from '../scim/http/generations.ts';
import { loadChanges } from '../scim/http/routes.ts';
import { awsServices } from './services.ts';

const { generations, services, measured } = awsServices(process.env);

const CHANGING = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);

const loadProvisioning = once(() => import('../provision/accept-inline.ts'));

/** What the first write needs is loaded while the table is asked for the configuration, and not after. */
const expectChange = once(() =>
  setImmediate(() => {
    void Promise.allSettled([loadChanges(), loadProvisioning()]);
  }),
);

const door = scimDoor(
  generations,
  services,
  async (...tenant) => (await loadProvisioning()).openInline(...tenant),
  openLimits(services.clock),
);

/** The SCIM function's entry point on AWS. */
export const handler = measured(
  'scim',
  behindOrigin(process.env, services.metrics, (event, context) => {
    if (CHANGING.has(event.requestContext?.http.method)) expectChange();
    return door(event, context);
  }),
);
