import type { TenantProvisioning, World } from '../provision/provisioner.ts';
import type { SourceSettings } from '../tenant/sources.ts';
import { openFetching } from './fetch/call.ts';
import type { FetchContext } from './fetch/fetcher.ts';
import type { SourceState, States } from './state.ts';

type Subscription = NonNullable<SourceState['subscription']>;

/** Keeps one provider's subscription alive: answers the one that holds from now on. */
export type Renew = (
  context: FetchContext,
  subscription: Subscription | undefined,
  secret: string,
) => Promise<Subscription>;

/** Providers whose subscriptions end by themselves. */
const RENEWALS: Readonly<Partial<Record<SourceSettings['preset'], () => Promise<Renew>>>> = {
  'entra-graph': async () => (await import('./fetch/graph-subscription.ts')).renewGraph,
  'google-workspace': async () => (await import('./fetch/google-channel.ts')).renewGoogle,
};

/** Renewed when less than this is left: time in which it may fail, and be seen to fail. Google's channels live hours. */
const MARGIN_MS = { 'entra-graph': 2 * 86_400_000, 'google-workspace': 3_600_000 } as Readonly<
  Record<string, number>
>;

/**
 * Renews the subscriptions of a tenant's sources that say where their notifications go (`subscription`), or makes them.
 * For the schedule; one that fails is tried again the next time, and raises an alarm.
 */
export async function renewSubscriptions(
  provisioning: TenantProvisioning,
  world: World,
  states: States,
): Promise<void> {
  const { name, tenant } = provisioning;
  for (const [source, settings] of Object.entries(tenant.sources)) {
    const renewal = RENEWALS[settings.preset];
    if (renewal === undefined || settings.subscription === undefined) continue;
    const { subscription } = await states.get(name, source);
    const left = subscription === undefined ? 0 : Date.parse(subscription.expiresAt) - world.clock.now();
    if (left > (MARGIN_MS[settings.preset] ?? 0) && subscription?.isDue !== true) continue;
    try {
      const secrets = (await world.secrets.get(tenant.smartassist.secret)).sources;
      const secret = secrets[source]?.[0];
      if (secret === undefined) throw new Error('the source has no secret');
      const renew = await renewal();
      const context = await openFetching(provisioning, world, source, settings);
      const renewed = await renew(context, left > 0 ? subscription : undefined, secret);
      await states.change(name, source, (state) => ({ ...state, subscription: renewed }));
      world.log.info('a subscription was renewed', { tenant: name, source, expiresAt: renewed.expiresAt });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      world.log.error('a subscription could not be renewed', { tenant: name, source, reason });
      world.metrics.count('SourceFailed', { tenant: name, reason: 'renewal' });
    }
  }
}
