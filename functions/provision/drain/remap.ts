import { createHash } from 'node:crypto';
import { readToChange } from '../../directory/documents.ts';
import { type PersonRecord, PRIORITY } from '../../directory/record.ts';
import { mappingConfigurationOf } from '../../mapping/configuration.ts';
import { compact } from '../../runtime/compact.ts';
import type { Catalogue } from '../../smartassist/catalogue.ts';
import type { CallTerms } from '../../smartassist/client.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import { markDue } from '../mark-due.ts';
import type { Plan } from '../plan.ts';
import { advanceRemapJob, nextRemapJob, type RemapJob, storeRemapJob } from '../remap-jobs.ts';
import { waitsForSeat } from '../seats/seats.ts';
import type { Services } from '../services.ts';
import type { TenantProvisioning } from '../tenant.ts';
import { MAPPING_SEEN, nextLook, STRAGGLERS_MS } from './mapping-seen.ts';
import { keepRuleCounts, NO_TALLY, tallied } from './rule-counts.ts';
import { changesAtOf } from './timers.ts';

const PAGE = 100;

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
  const newer = generation === undefined ? 0 : generation.number - (seen.generation ?? generation.number);
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

/** Does one page of the job that has waited longest; false when there is none, or none can be done now. */
export async function runRemapPage(
  provisioning: TenantProvisioning,
  services: Services,
  terms: CallTerms,
): Promise<boolean> {
  const { directory } = services;
  const { name } = provisioning;
  const job = await nextRemapJob(directory, name, services.clock.now(), provisioning.generation?.number);
  if (job === undefined) return false;
  const { records, next, memberIds } = await pageOf(services, name, job);
  const isGone = job.kind === 'group' && (await directory.readGroup(name, job.groupId)) === undefined;
  let tally = job.kind === 'all' ? (job.tally ?? NO_TALLY) : undefined;
  for (const record of records) {
    if (record.deletedAt !== undefined) continue;
    const isDue = record.state === 'due';
    if (isDue && tally === undefined) continue;
    const groups = await directory.groupsOf(name, record.id);
    const plan = isDue ? undefined : await provisioning.planner.plan(record, terms, groups);
    // Without the catalogue nothing can be said; the page is done again when it can be read.
    if (plan?.kind === 'unavailable') return false;
    // Seats are given in the order of waiting, and not in that of the pages.
    const isInLine = provisioning.tenant.seats !== undefined && waitsForSeat(record);
    if (isInLine && plan?.kind === 'agent') continue;
    const at = services.clock.now();
    if (tally !== undefined) tally = tallied(tally, provisioning.mapping, record, { groups, plan, at });
    const isOtherDay = plan !== undefined && changesAtOf(plan) !== record.changesAt;
    if (plan !== undefined && (isOtherDay || needsProvisioning(record, plan)))
      await markDue(services, record, PRIORITY.backfill);
  }
  // A large group is deleted at once, and what is left of its memberships here, once those concerned know of it.
  if (isGone) await directory.removeMembers(name, job.groupId, memberIds);
  if (tally !== undefined && next === undefined) {
    const { tenant } = provisioning;
    await keepRuleCounts(directory, name, tally, {
      names: tenant.rules.map((rule) => rule.name),
      mapping: mappingDigestOf(tenant),
      at: new Date(services.clock.now()).toISOString(),
    });
  }
  await advanceRemapJob(directory, name, job, next, tally);
  return true;
}

/** The digest of what a tenant's mapping depends on: the same means that everybody comes out the same. */
export function mappingDigestOf(tenant: TenantConfiguration): string {
  return digestOf(tenant, () => ({
    ...mappingConfigurationOf(tenant),
    profile: tenant.smartassist.profile,
    ...compact({ seats: tenant.seats, ownership: tenant.ownership }),
  }));
}

/** Whether provisioning the record would come to anything else than what it is. No call is spent on what is right. */
export function needsProvisioning(record: PersonRecord, plan: Plan): boolean {
  const { agent, state, attempts } = record;
  switch (plan.kind) {
    case 'agent':
      // The same change waits for an operator already.
      if (record.held !== undefined && record.hold?.hash === plan.hash) return false;
      return state !== 'provisioned' || agent.presence !== 'active' || agent.appliedHash !== plan.hash;
    case 'invalid':
      return (
        state !== 'failed' ||
        attempts.lastError?.message !== plan.problems.map(({ message }) => message).join('; ')
      );
    case 'unreadable':
      return true;
    case 'suspend':
      return agent.presence !== 'suspended' && record.held === undefined;
    case 'remove':
    case 'undo':
      return agent.presence !== 'removed' && record.held === undefined;
    case 'nothing':
    case 'keep':
      return state !== 'waiting' && state !== 'removed';
    case 'unavailable':
      return false;
  }
}

async function pageOf({ directory }: Services, tenant: string, job: RemapJob) {
  const page = { limit: PAGE, ...compact({ after: job.after }) };
  if (job.kind === 'all') {
    const { persons, next } = await directory.listPersons(tenant, page);
    return { records: persons, next, memberIds: [] };
  }
  const { members, next } = await directory.listMembers(tenant, job.groupId, page);
  const memberIds = members.map(({ value }) => value);
  return { records: await directory.readPersons(tenant, memberIds), next, memberIds };
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
