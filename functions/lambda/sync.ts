import { providers } from '../providers/registry.ts';
import { syncOfGenerations } from '../sources/sync/handler.ts';
import { awsServices } from './services.ts';

const { generations, services, measured } = awsServices(process.env);

/** The entry point on AWS of what reads people from their sources by the clock. */
export const handler = measured('sync', syncOfGenerations(providers, generations, services));
