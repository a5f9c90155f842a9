import type { Context } from 'aws-lambda';
import { openServed } from '../provision/served.ts';
import type { Services } from '../provision/services.ts';
import { correlated } from '../runtime/correlation.ts';
import { errorText } from '../runtime/error-text.ts';
import { NO_TENANT } from '../runtime/metrics.ts';
import type { Configuration } from '../tenant/configuration.ts';
import type { Generations } from '../tenant/generation/current.ts';
import { NO_GENERATION } from '../tenant/generation/none.ts';
import { isCognitoTrigger, readCloudTrail, readTrigger } from './cognito.ts';
import type { IncomingItem } from './deliver-item.ts';
import { type PartnerProviders, readPartnerEvent } from './partner.ts';

/** Cognito waits 5 seconds for a trigger; storing a person takes milliseconds. */
const PATIENCE_MS = 3_500;

/** Loaded with the first event, and not before: a trigger must answer soon even when the function starts cold. */
const loadDelivery = () => import('./deliver-item.ts');

/**
 * The front door of sign-ups: Cognito's PostConfirmation trigger, which always gets its event back in time, also
 * when the person can't be stored, so that no sign-up fails because of this function; and events of EventBridge (Auth0 and Okta as
 * partners, Cognito's administration by CloudTrail), which throw when they can't be stored, so that they come again.
 */
export function signupHandler(configuration: Configuration, services: Services, providers: PartnerProviders) {
  return (event: unknown, context: Context): Promise<unknown> =>
    correlated(context.awsRequestId, () =>
      isCognitoTrigger(event)
        ? answerInTime(event, configuration, services)
        : deliverBusEvent(event, configuration, services, providers),
    );
}

/** The same with the configuration that is active; without one it is as with a directory that can't be reached. */
export function signupDoor(generations: Generations, services: Services, providers: PartnerProviders) {
  const served = openServed(generations, services, (...with_) => signupHandler(...with_, providers));
  return async (event: unknown, context: Context): Promise<unknown> => {
    try {
      const handler = await served();
      if (handler === undefined) throw new Error(NO_GENERATION);
      return await handler(event, context);
    } catch (error) {
      if (!isCognitoTrigger(event)) throw error;
      services.log.error('a sign-up was not stored', { reason: errorText(error) });
      services.metrics.count('SourceFailed', { tenant: NO_TENANT, reason: 'sign-up' });
      return event;
    }
  };
}

async function answerInTime(
  event: object,
  configuration: Configuration,
  services: Services,
): Promise<unknown> {
  const item = readTrigger(event, configuration);
  if (item === undefined) return event;
  const { tenant, source } = item;
  const failed = (reason: string) => {
    services.log.error('a sign-up was not stored', { tenant, source, reason });
    services.metrics.count('SourceFailed', { tenant, reason: 'sign-up' });
  };
  const stored = deliver(item, services).then(
    () => true,
    (error: unknown) => {
      failed(errorText(error));
      return true;
    },
  );
  const waited = services.clock.sleep(PATIENCE_MS).then(() => false);
  if (!(await Promise.race([stored, waited]))) failed(`not stored within ${PATIENCE_MS} ms`);
  return event;
}

async function deliverBusEvent(
  event: unknown,
  configuration: Configuration,
  services: Services,
  providers: PartnerProviders,
): Promise<void> {
  const item =
    readCloudTrail(event, configuration) ?? (await readPartnerEvent(event, configuration, providers));
  if (item === undefined) {
    services.log.warn('an event of no configured source was passed over');
    services.metrics.count('Rejected', { tenant: NO_TENANT, reason: 'unknown-source' });
    return;
  }
  await deliver(item, services);
}

async function deliver(item: IncomingItem, services: Services): Promise<void> {
  const { deliverItem } = await loadDelivery();
  await deliverItem(item, services);
}
