import { createHash } from 'node:crypto';
import { readToChange } from '../../directory/documents.ts';
import { mappingConfigurationOf } from '../../mapping/configuration.ts';
import { compact } from '../../runtime/compact.ts';
import type { Catalogue } from '../../smartassist/catalogue.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import { storeRemapJob } from '../remap-jobs.ts';
import type { Services } from '../services.ts';
import type { TenantProvisioning } from '../tenant.ts';
import { MAPPING_SEEN, nextLook, STRAGGLERS_MS } from './mapping-seen.ts';

/**
 * Looks whether the configuration or the catalogue is another than the one that all persons were last mapped with, or
 * whether it is time for the look behind such a change; if so, all are to be re-evaluated.
 */
export async function detectConfigurationChange(
  provisioning: TenantProvisioning,
  services: Services,
): Promise<void> {
  const { directory, clock } = services;
  const { name, tenant, catalogue, generation } = provisioning;
  // What a newer one means for everybody is for functions that know it.
  if (generation?.isActive === false) return;
  const known = await catalogue.known();
  if (known === undefined) return;
  const mapping = mappingConfigurationOf(tenant);
  const digests = {
    configuration: mappingDigestOf(tenant),
    catalogue: digestOf(known, () => namesOf(known)),
  };
  const { body: seen, condition } = await readToChange(directory, name, MAPPING_SEEN);
  // A function that has not heard yet of a newer generation must not lead everybody back.
  if (generation !== undefined && (seen.generation ?? 0) > generation.number) return;
  const newer = generation === undefined ? 0 : generation.number - (seen.generation ?? 0);
  // A generation in between that no drain has seen may have mapped persons, though this one maps as the one before it did.
  const isOther = seen.configuration !== digests.configuration || newer > 1;
  const isTime = seen.lookAgainAt !== undefined && seen.lookAgainAt <= clock.now();
  if (!isOther && seen.catalogue === digests.catalogue && !isTime) {
    if (newer === 0) return;
    const noted = { ...seen, ...compact({ generation: generation?.number }) };
    await directory.writeDocument(name, MAPPING_SEEN.name, noted, condition);
    return;
  }
  // Stored before it is noted as seen: a crash in between costs a second look, never the first. The first time, too:
  // a person whose caller waited may have been mapped before anything was noted, with another configuration.
  await storeRemapJob(directory, name, { kind: 'all', ...compact({ of: generation?.number }) });
  const now = clock.now();
  const hasStragglers = isOther && generation !== undefined && seen.configuration !== undefined;
  const lookAgainAt = hasStragglers ? now + STRAGGLERS_MS : isTime ? nextLook(seen, now) : seen.lookAgainAt;
  const { olderUntil } = seen;
  const body = {
    ...digests,
    mapping,
    ...compact({ generation: generation?.number, lookAgainAt, olderUntil }),
  };
  await directory.writeDocument(name, MAPPING_SEEN.name, body, condition);
}

/** The digest of what a tenant's mapping depends on: the same means that everybody comes out the same. */
export function mappingDigestOf(tenant: TenantConfiguration): string {
  return digestOf(tenant, () => ({
    ...mappingConfigurationOf(tenant),
    profile: tenant.smartassist.profile,
    ...compact({ seats: tenant.seats, ownership: tenant.ownership }),
  }));
}

function namesOf({ agentGroups, skills, queues, roles }: Catalogue) {
  return { agentGroups, skills, queues, roles };
}

const digests = new WeakMap<object, string>();

/** The digest of what a thing that doesn't change comes to; made once. */
function digestOf(thing: object, value: () => unknown): string {
  const known = digests.get(thing);
  if (known !== undefined) return known;
  const made = createHash('sha256').update(JSON.stringify(value())).digest('hex');
  digests.set(thing, made);
  return made;
}
