import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import type { RefusalLog } from './http/refusal-log.ts';
import type { Positions } from './list/positions.ts';

/** What the endpoints of a tenant work with. */
export interface ScimContext {
  readonly services: Services;
  readonly provisioning: TenantProvisioning;
  readonly positions: Positions;
  readonly refusals: RefusalLog;
}
