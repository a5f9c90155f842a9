import { createHash } from 'node:crypto';
import type { Directory } from '../../directory/directory.ts';
import { type PersonRecord, PRIORITY } from '../../directory/record.ts';
import { mappingConfigurationOf } from '../../mapping/configuration.ts';
import { compact } from '../../runtime/compact.ts';
import type { Catalogue } from '../../smartassist/catalogue.ts';
import type { CallTerms } from '../../smartassist/client.ts';
import { markDue } from '../mark-due.ts';
import type { Plan } from '../plan.ts';
import { advanceRemapJob, nextRemapJob, type RemapJob, storeRemapJob } from '../remap-jobs.ts';
import type { Services } from '../services.ts';
import type { TenantProvisioning } from '../tenant.ts';

const PAGE = 100;
const SEEN = 'mapping-seen';

/**
 * Looks whether the configuration or the catalogue is another than the one that all persons were last mapped with; if so,
 * all are to be re-evaluated.
 */
export async function detectConfigurationChange(
  provisioning: TenantProvisioning,
  { directory }: Services,
): Promise<void> {
  const { name, tenant, catalogue } = provisioning;
  const known = await catalogue.known();
  if (known === undefined) return;
  const mapping = mappingConfigurationOf(tenant);
  const now = {
    configuration: digestOf(tenant, () => ({ ...mapping, profile: tenant.smartassist.profile })),
    catalogue: digestOf(known, () => namesOf(known)),
  };
  const seen = await directory.readDocument(name, SEEN);
  if (seen?.body.configuration === now.configuration && seen.body.catalogue === now.catalogue) return;
  // Stored before it is noted as seen: a crash in between costs a second look, never the first. The first time,
  // too: a person whose caller waited may have been mapped before anything was noted, with another configuration.
  await storeRemapJob(directory, name, { kind: 'all' });
  const body = { ...now, mapping };
  await directory.writeDocument(name, SEEN, body, seen === undefined ? 'absent' : { version: seen.version });
}

/** The mapping that is in force: what all persons were last mapped with. */
export async function mappingInForce(directory: Directory, tenant: string): Promise<unknown> {
  return (await directory.readDocument(tenant, SEEN))?.body.mapping;
}

/** Does one page of the job that has waited longest; false when there is none, or none can be done now. */
export async function runRemapPage(
  provisioning: TenantProvisioning,
  services: Services,
  terms: CallTerms,
): Promise<boolean> {
  const { directory } = services;
  const { name } = provisioning;
  const job = await nextRemapJob(directory, name, services.clock.now());
  if (job === undefined) return false;
  const { records, next, memberIds } = await pageOf(services, name, job);
  const isGone = job.kind === 'group' && (await directory.readGroup(name, job.groupId)) === undefined;
  for (const record of records) {
    if (record.deletedAt !== undefined || record.state === 'due') continue;
    const plan = await provisioning.planner.plan(record, terms);
    // Without the catalogue nothing can be said; the page is done again when it can be read.
    if (plan.kind === 'unavailable') return false;
    if (needsProvisioning(record, plan)) await markDue(services, record, PRIORITY.backfill);
  }
  // A large group is deleted at once, and what is left of its memberships here, once those concerned know of it.
  if (isGone) await directory.removeMembers(name, job.groupId, memberIds);
  await advanceRemapJob(directory, name, job, next);
  return true;
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
