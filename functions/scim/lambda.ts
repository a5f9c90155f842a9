import { awsWorld } from '../aws/world.ts';
import { scimHandler } from './handler.ts';

const { configuration, world } = awsWorld(process.env);

/** The SCIM function's entry point on AWS. */
export const handler = scimHandler(configuration, world);
