import { awsWorld } from '../aws/world.ts';
import { provisionHandler } from './handler.ts';

const { configuration, world } = awsWorld(process.env);

/** The drain's entry point on AWS. */
export const handler = provisionHandler(configuration, world);
