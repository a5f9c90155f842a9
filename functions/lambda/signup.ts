import { providers } from '../providers/registry.ts';
import { signupDoor } from '../signup/handler.ts';
import { awsServices } from './services.ts';

const { generations, services, measured } = awsServices(process.env);

/** The sign-up function's entry point on AWS. */
export const handler = measured('signup', signupDoor(generations, services, providers));
