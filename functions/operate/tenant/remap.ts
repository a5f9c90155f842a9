import { storeRemapJob } from '../../provision/remap-jobs.ts';
import type { Services } from '../../provision/services.ts';
import { type Actor, recordAction } from '../audit.ts';

/**
 * Has everybody evaluated again with the configuration and the names of today. It costs no call where nothing comes out
 * differently; `forecast` says before what would.
 */
export async function remapEverybody(services: Services, tenant: string, actor: Actor): Promise<void> {
  await storeRemapJob(services.directory, tenant, { kind: 'all' });
  await recordAction(services, tenant, actor, 'remap');
  await services.ring(tenant);
}
