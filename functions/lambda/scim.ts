import { openLimits } from '../runtime/limits.ts';
import { behindOrigin } from '../runtime/origin.ts';
import { scimDoor } from '../scim/http/generations.ts';
import { awsServices } from './services.ts';

const { generations, services, measured } = awsServices(process.env);

/** The SCIM function's entry point on AWS. What provisions is loaded by the first write, after the start. */
export const handler = measured(
  'scim',
  behindOrigin(
    process.env,
    services.metrics,
    scimDoor(
      generations,
      services,
      async (...tenant) => (await import('../provision/accept-inline.ts')).openInline(...tenant),
      openLimits(services.clock),
    ),
  ),
);
