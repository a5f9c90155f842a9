import { providers } from '../providers/registry.ts';
import { syncHandler } from '../sources/sync/handler.ts';
import { awsServices } from './services.ts';

const { configuration, services, measured } = awsServices(process.env);

/** The entry point on AWS of what reads people from their sources by the clock. */
export const handler = measured('sync', syncHandler(providers, configuration, services));
