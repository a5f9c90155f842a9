import { type PersonRecord, PRIORITY } from '../../directory/record.ts';
import { compact } from '../../runtime/compact.ts';
import type { CallTerms } from '../../smartassist/client.ts';
import { markDue } from '../mark-due.ts';
import type { Plan } from '../plan.ts';
import { advanceRemapJob, type RemapJob } from '../remap-jobs.ts';
import { waitsForSeat } from '../seats/seats.ts';
import type { Services } from '../services.ts';
import type { TenantProvisioning } from '../tenant.ts';
import { mappingDigestOf } from './configuration-change.ts';
import { keepRuleCounts, NO_TALLY, tallied } from './rule-counts.ts';
import { changesAtOf } from './timers.ts';

const PAGE = 100;

/** Does one page of a job; false when it can't be done now. */
export async function runRemapPage(
  provisioning: TenantProvisioning,
  services: Services,
  job: RemapJob,
  terms: CallTerms,
): Promise<boolean> {
  const { directory } = services;
  const { name } = provisioning;
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
