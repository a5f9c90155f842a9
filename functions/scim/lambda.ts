import { awsWorld } from '../aws/world.ts';
import { scimHandler } from './handler.ts';

const { configuration, world, measured } = awsWorld(process.env);

/** The SCIM function's entry point on AWS. */
export const handler = measured('scim', scimHandler(configuration, world));
