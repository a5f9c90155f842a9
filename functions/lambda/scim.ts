import { openLimits } from '../runtime/limits.ts';
import { scimHandler } from '../scim/http/handler.ts';
import { awsServices } from './services.ts';

const { configuration, services, measured } = awsServices(process.env);

/** The SCIM function's entry point on AWS. */
export const handler = measured('scim', scimHandler(configuration, services, openLimits(services.clock)));
