import { awsWorld } from '../aws/world.ts';
import { signupHandler } from './handler.ts';

const { configuration, world } = awsWorld(process.env);

/** The sign-up function's entry point on AWS. */
export const handler = signupHandler(configuration, world);
