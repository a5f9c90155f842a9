import { consoleDoor } from '../console/door.ts';
import { oidcAccess } from '../console/session/oidc-access.ts';
import { behindOrigin } from '../runtime/origin.ts';
import { awsServices } from './services.ts';

const { generations, services, measured } = awsServices(process.env);

/** The console's entry point on AWS. Each page is loaded with the first request for it, after the start. */
export const handler = measured(
  'console',
  behindOrigin(process.env, services.metrics, consoleDoor(generations, services, oidcAccess(services))),
);
