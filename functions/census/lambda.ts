import { awsWorld } from '../aws/world.ts';
import { censusHandler } from './handler.ts';

const { configuration, world } = awsWorld(process.env);

/** The schedule's entry point on AWS. */
export const handler = censusHandler(configuration, world);
