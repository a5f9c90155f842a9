import { openStates } from '../events/source-state.ts';
import { lapseSignUps } from '../events/waiting/sign-ups.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import type { Configuration } from '../tenant/configuration.ts';
import { pollStreams } from './poll.ts';
import type { SourceProviders } from './provider.ts';
import { renewSubscriptions } from './renewal.ts';
import { checkSilence } from './silence.ts';

const MINUTE_MS = 60_000;
const MINUTES_AN_HOUR = 60;

/**
 * What sources need every minute: streams that are polled, sources that have gone silent, subscriptions that end. Called
 * by the schedule; what fails raises an alarm and stops nothing else.
 *
 * @param until epoch milliseconds by which it has to have returned
 */
export async function tendSources(
  providers: SourceProviders,
  configuration: Configuration,
  services: Services,
  tenants: (name: string) => TenantProvisioning | undefined,
  until: number,
): Promise<void> {
  const states = openStates(services);
  await pollStreams(providers, configuration, services, until, states);
  await checkSilence(configuration, services, states);
  const isHourly = Math.floor(services.clock.now() / MINUTE_MS) % MINUTES_AN_HOUR === 0;
  for (const name of Object.keys(configuration.tenants)) {
    if (isHourly) await lapseSignUps(services, name);
    const provisioning = tenants(name);
    if (provisioning !== undefined) await renewSubscriptions(providers, provisioning, services, states);
  }
}
