import { awsWorld } from '../aws/world.ts';
import { openDoors } from './doors.ts';

const { configuration, world, measured } = awsWorld(process.env);

/** The webhook function's entry point on AWS. */
export const handler = measured('webhook', openDoors(configuration, world));
