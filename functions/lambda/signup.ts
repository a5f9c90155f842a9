import { providers } from '../providers/registry.ts';
import { signupHandler } from '../signup/handler.ts';
import { awsServices } from './services.ts';

const { configuration, services, measured } = awsServices(process.env);

/** The sign-up function's entry point on AWS. */
export const handler = measured('signup', signupHandler(configuration, services, providers));
