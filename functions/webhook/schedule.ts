import type { TenantProvisioning, World } from '../provision/provisioner.ts';
import type { Configuration } from '../tenant/configuration.ts';
import { renewSubscriptions } from './renew.ts';
import { pollStreams } from './security/poll.ts';
import { checkSilence } from './silence.ts';
import { openStates } from './state.ts';

/**
 * What sources need every minute: streams that are polled, sources that have gone silent, subscriptions that end. Called
 * by the schedule; what fails raises an alarm and stops nothing else.
 *
 * @param until epoch milliseconds by which it has to have returned
 */
export async function tendSources(
  configuration: Configuration,
  world: World,
  tenants: (name: string) => TenantProvisioning | undefined,
  until: number,
): Promise<void> {
  const states = openStates(world);
  await pollStreams(configuration, world, until, states);
  await checkSilence(configuration, world, states);
  for (const name of Object.keys(configuration.tenants)) {
    const provisioning = tenants(name);
    if (provisioning !== undefined) await renewSubscriptions(provisioning, world, states);
  }
}
