import { awsWorld } from '../aws/world.ts';
import { webhookHandler } from './handler.ts';

const { configuration, world } = awsWorld(process.env);

/** The webhook function's entry point on AWS. */
export const handler = webhookHandler(configuration, world);
