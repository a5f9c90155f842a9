import { providers } from '../providers/registry.ts';
import { openLimits } from '../runtime/limits.ts';
import { behindOrigin } from '../runtime/origin.ts';
import { openDoors } from '../webhook/doors.ts';
import { awsServices } from './services.ts';

const { configuration, services, measured } = awsServices(process.env);

/** The webhook function's entry point on AWS. */
export const handler = measured(
  'webhook',
  behindOrigin(
    process.env,
    services.metrics,
    openDoors(configuration, services, providers, openLimits(services.clock)),
  ),
);
