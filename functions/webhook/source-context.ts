import { openStates, type States } from '../events/source-state.ts';
import type { Services } from '../provision/services.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';
import type { SourceSettings } from '../tenant/sources.ts';
import type { WebhookProvider, WebhookProviders } from './provider.ts';
import { openRejectionLog, type RejectionLog } from './rejection-log.ts';
import { type Keys, openKeys } from './verify/keys.ts';

/** A source of a tenant, ready to take requests. */
export interface SourceContext {
  readonly services: Services;
  readonly keys: Keys;
  readonly states: States;
  readonly rejections: RejectionLog;
  readonly tenant: string;
  readonly configuration: TenantConfiguration;
  readonly name: string;
  readonly provider: WebhookProvider;
  readonly settings: SourceSettings;
  /** Whether a person can be read from the source. */
  readonly canRead: boolean;
}

export interface SourceContexts {
  readonly rejections: RejectionLog;
  of(
    tenant: string,
    configuration: TenantConfiguration,
    name: string,
    settings: SourceSettings,
    provider: WebhookProvider,
  ): SourceContext;
}

/** What all sources share (published keys, states, the log of rejections), opened once, and the contexts made of it. */
export function openSourceContexts(
  services: Services,
  providers: Pick<WebhookProviders, 'canRead'>,
  states: States = openStates(services),
): SourceContexts {
  const shared = { services, keys: openKeys(services), states, rejections: openRejectionLog(services) };
  return {
    rejections: shared.rejections,
    of: (tenant, configuration, name, settings, provider) => ({
      ...shared,
      tenant,
      configuration,
      name,
      provider,
      settings,
      canRead: providers.canRead(settings),
    }),
  };
}
