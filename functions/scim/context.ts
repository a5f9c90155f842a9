import type { InlineProvisioning } from '../provision/accept-inline.ts';
import type { Services } from '../provision/services.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';
import type { RejectionLog } from './http/rejection-log.ts';
import type { Positions } from './list/positions.ts';

/** What the endpoints of a tenant work with. */
export interface ScimContext {
  readonly services: Services;
  readonly name: string;
  readonly tenant: TenantConfiguration;
  /** Opened by the first request that needs it: what reads people and groups doesn't. */
  readonly provisioning: () => Promise<InlineProvisioning>;
  readonly positions: Positions;
  readonly rejections: RejectionLog;
}
