import { awsWorld } from '../aws/world.ts';
import { provisionHandler } from './handler.ts';

const { configuration, world, measured } = awsWorld(process.env);

/** The drain's entry point on AWS. What reads from providers is loaded with the first round, after the start. */
export const handler = measured(
  'drain',
  provisionHandler(configuration, world, {
    work: async (...round) => (await import('../webhook/fetch/work.ts')).workTasks(...round),
  }),
);
