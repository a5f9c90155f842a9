import { providers } from '../providers/registry.ts';
import { openLimits } from '../runtime/limits.ts';
import { behindOrigin } from '../runtime/origin.ts';
import { webhookDoors } from '../webhook/generations.ts';
import { awsServices } from './services.ts';

const { generations, services, measured } = awsServices(process.env);

/** The webhook function's entry point on AWS. */
export const handler = measured(
  'webhook',
  behindOrigin(
    process.env,
    services.metrics,
    webhookDoors(generations, services, providers, openLimits(services.clock)),
  ),
);
