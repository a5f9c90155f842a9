import type { TenantProvisioning, World } from '../provision/provisioner.ts';
import type { Positions } from './positions.ts';

/** What the endpoints of a tenant work with. */
export interface ScimContext {
  readonly world: World;
  readonly provisioning: TenantProvisioning;
  readonly positions: Positions;
}
