import type { Context } from 'aws-lambda';
import type { Services } from '../provision/services.ts';
import { correlated } from '../runtime/correlation.ts';
import { NO_TENANT } from '../runtime/metrics.ts';
import type { Configuration } from '../tenant/configuration.ts';
import { isCognitoTrigger, readCloudTrail, readTrigger } from './cognito.ts';
import { type PartnerProviders, readPartnerEvent } from './partner.ts';
import type { Arriving } from './store.ts';

/** Cognito gives up after 5 seconds; what stores a person takes milliseconds. */
const PATIENCE_MS = 3_500;

/** Loaded with the first event, and not before: a trigger must answer soon even when the function starts cold. */
const takes = () => import('./store.ts');

/**
 * The front door of sign-ups: Cognito's PostConfirmation trigger, which always gets its event back in time, whatever
 * becomes of the person behind it, so that nobody's sign-up ever fails by us; and events of EventBridge (Auth0 and Okta as
 * partners, Cognito's administration by CloudTrail), which throw when they can't be stored, so that they come again.
 */
export function signupHandler(configuration: Configuration, services: Services, providers: PartnerProviders) {
  return (event: unknown, context: Context): Promise<unknown> =>
    correlated(context.awsRequestId, () =>
      isCognitoTrigger(event)
        ? answerInTime(event, configuration, services)
        : takeBusEvent(event, configuration, services, providers),
    );
}

async function answerInTime(
  event: object,
  configuration: Configuration,
  services: Services,
): Promise<unknown> {
  const arriving = readTrigger(event, configuration);
  if (arriving === undefined) return event;
  const { tenant, source } = arriving;
  const failed = (reason: string) => {
    services.log.error('a sign-up was not stored', { tenant, source, reason });
    services.metrics.count('SourceFailed', { tenant, reason: 'sign-up' });
  };
  const stored = store(arriving, services).then(
    () => true,
    (error: unknown) => {
      failed(String(error));
      return true;
    },
  );
  const waited = services.clock.sleep(PATIENCE_MS).then(() => false);
  if (!(await Promise.race([stored, waited]))) failed(`not stored within ${PATIENCE_MS} ms`);
  return event;
}

async function takeBusEvent(
  event: unknown,
  configuration: Configuration,
  services: Services,
  providers: PartnerProviders,
): Promise<void> {
  const arriving =
    readCloudTrail(event, configuration) ?? (await readPartnerEvent(event, configuration, providers));
  if (arriving === undefined) {
    services.log.warn('an event of no configured source was passed over');
    services.metrics.count('Rejected', { tenant: NO_TENANT, reason: 'unknown-source' });
    return;
  }
  await store(arriving, services);
}

async function store(arriving: Arriving, services: Services): Promise<void> {
  const { takeArriving } = await takes();
  await takeArriving(arriving, services);
}
