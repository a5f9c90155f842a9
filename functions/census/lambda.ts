import { awsWorld } from '../aws/world.ts';
import { censusHandler } from './handler.ts';

const { configuration, world, measured } = awsWorld(process.env);

/** The schedule's entry point on AWS. What looks after sources is loaded with the first minute, after the start. */
export const handler = measured(
  'census',
  censusHandler(configuration, world, {
    tend: async (...minute) => (await import('../webhook/schedule.ts')).tendSources(...minute),
  }),
);
