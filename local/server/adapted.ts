import type { Configuration } from '../../functions/tenant/configuration.ts';
import type { LocalOptions } from './options.ts';

/** The configuration as it is, but for what the environment overrides and where SmartAssist is. */
export function adapt(
  written: Configuration,
  options: LocalOptions,
  simulatorUrl: string | undefined,
): Configuration {
  const host = (simulatorUrl ?? options.smartassistUrl ?? '').replace(/(?<!\/)\/+$/, '');
  const [first] = Object.values(written.tenants);
  // The simulator is one account with one bot, so all tenants are its tenants.
  const account =
    simulatorUrl === undefined || first === undefined
      ? {}
      : { streamId: first.smartassist.streamId, accountId: first.smartassist.accountId };
  const budget = options.callsPerMinute === undefined ? {} : { callsPerMinute: options.callsPerMinute };
  return {
    tenants: Object.fromEntries(
      Object.entries(written.tenants).map(([name, tenant]) => [
        name,
        {
          ...tenant,
          sources: { ...tenant.sources, ...options.sources },
          smartassist: { ...tenant.smartassist, ...account, ...budget, host },
          ...(options.scimProfile === undefined
            ? {}
            : { scim: { ...tenant.scim, profile: options.scimProfile as typeof tenant.scim.profile } }),
        },
      ]),
    ),
  };
}
