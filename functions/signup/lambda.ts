import { awsWorld } from '../aws/world.ts';
import { signupHandler } from './handler.ts';

const { configuration, world, measured } = awsWorld(process.env);

/** The sign-up function's entry point on AWS. */
export const handler = measured('signup', signupHandler(configuration, world));
