import type { States } from '../events/source-state.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import { errorText } from '../runtime/error-text.ts';
import type { SourceProviders } from './provider.ts';
import { openFetching } from './provider-call.ts';

/**
 * Renews the subscriptions of a tenant's sources that say where their notifications go (`subscription`), or makes them.
 * For the schedule; one that fails is tried again the next time, and raises an alarm.
 */
export async function renewSubscriptions(
  providers: SourceProviders,
  provisioning: TenantProvisioning,
  services: Services,
  states: States,
): Promise<void> {
  const { name, tenant } = provisioning;
  for (const [source, settings] of Object.entries(tenant.sources)) {
    const kept = await providers.subscription(settings.preset);
    if (kept === undefined || settings.subscription === undefined) continue;
    const { subscription } = await states.get(name, source);
    const left = subscription === undefined ? 0 : Date.parse(subscription.expiresAt) - services.clock.now();
    if (left > kept.marginMs && subscription?.isDue !== true) continue;
    try {
      const secrets = (await services.secrets.get('door', provisioning)).sources;
      const secret = secrets[source]?.[0];
      if (secret === undefined) throw new Error('the source has no secret');
      const context = await openFetching(provisioning, services, source, settings);
      const renewed = await kept.renew(context, left > 0 ? subscription : undefined, secret);
      await states.change(name, source, (state) => ({ ...state, subscription: renewed }));
      // Nothing was sent while there was none.
      if (left <= 0) await states.want(name, source, 'there was no subscription');
      services.log.info('a subscription was renewed', { tenant: name, source, expiresAt: renewed.expiresAt });
    } catch (error) {
      const reason = errorText(error);
      services.log.error('a subscription could not be renewed', { tenant: name, source, reason });
      services.metrics.count('SourceFailed', { tenant: name, reason: 'renewal' });
    }
  }
}
