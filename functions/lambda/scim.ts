import { openLimits } from '../runtime/limits.ts';
import { behindOrigin } from '../runtime/origin.ts';
import { scimHandler } from '../scim/http/handler.ts';
import { awsServices } from './services.ts';

const { configuration, services, measured } = awsServices(process.env);

/** The SCIM function's entry point on AWS. What provisions is loaded by the first write, after the start. */
export const handler = measured(
  'scim',
  behindOrigin(
    process.env,
    services.metrics,
    scimHandler(
      configuration,
      services,
      async (...tenant) => (await import('../provision/accept-inline.ts')).openInline(...tenant),
      openLimits(services.clock),
    ),
  ),
);
