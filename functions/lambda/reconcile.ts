import { providers } from '../providers/registry.ts';
import { scheduleOfGenerations } from '../reconcile/handler.ts';
import { awsServices } from './services.ts';

const { generations, services, measured } = awsServices(process.env);

/** The schedule's entry point on AWS. What looks after sources is loaded with the first minute, after the start. */
export const handler = measured(
  'census',
  scheduleOfGenerations(generations, services, {
    tend: async (...minute) => (await import('../sources/schedule.ts')).tendSources(providers, ...minute),
  }),
);
