import { providers } from '../providers/registry.ts';
import { drainOfGenerations } from '../provision/drain/handler.ts';
import { awsServices } from './services.ts';

const { generations, services, measured } = awsServices(process.env);

/** The drain's entry point on AWS. What reads from providers is loaded with the first round, after the start. */
export const handler = measured(
  'drain',
  drainOfGenerations(generations, services, {
    work: async (...round) =>
      (await import('../sources/pending-work.ts')).workPendingEvents(providers, ...round),
  }),
);
