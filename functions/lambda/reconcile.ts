import { providers } from '../providers/registry.ts';
import { scheduleOfGenerations } from '../reconcile/handler.ts';
import { compact } from '../runtime/compact.ts';
import { awsServices } from './services.ts';

/** Where the front door is to be checked. */
const address = process.env.CHECK_ADDRESS;
const { generations, services, measured } = awsServices(process.env);

/** The schedule's entry point on AWS. What looks after sources is loaded with the first minute, after the start. */
export const handler = measured(
  'census',
  scheduleOfGenerations(generations, services, {
    tend: async (...minute) => (await import('../sources/schedule.ts')).tendSources(providers, ...minute),
    notify: async (...tenant) =>
      (await import('../operate/notify/notify.ts')).notify(...tenant, compact({ origin: originOf(address) })),
    logActions: async (...tenant) => (await import('../operate/unlogged.ts')).logActions(...tenant),
    ...compact({ check: address === undefined ? undefined : checkOf(address) }),
  }),
);

function originOf(frontDoor: string | undefined): string | undefined {
  return frontDoor === undefined ? undefined : new URL(frontDoor).origin;
}

function checkOf(frontDoor: string): (its: typeof services) => Promise<void> {
  return async (its) => (await import('../reconcile/front-door.ts')).askFrontDoor(its, frontDoor);
}
