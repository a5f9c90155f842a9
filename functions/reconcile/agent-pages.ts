import { mayReadWorkforce, noteWorkforceUnusable } from '../provision/agent/workforce-scope.ts';
import { rememberAgent } from '../provision/agent-index.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import { compact } from '../runtime/compact.ts';
import type { CallTerms } from '../smartassist/client.ts';
import { compare } from './compare.ts';
import { patientCall } from './patient-call.ts';
import { newReconciliation, type Reconciliation } from './report.ts';
import { readWorkforce } from './workforce.ts';

/** Entries of a page of agents, as the samples have it. */
export const PAGE_SIZE = 10;
/** What one page may take, with waiting for its call. */
const PAGE_MS = 90_000;
/**
 * More pages than these are not all read at once where another list says which agents there are: what that one doesn't
 * show is compared in the course of a week.
 */
const FEW_PAGES = 100;
const NIGHTS = 7;

/** Ids from the list for workforce management; a text says why they can't be read now. */
async function readIds(
  provisioning: TenantProvisioning,
  services: Services,
  reconciliation: Reconciliation,
  until: number,
): Promise<Reconciliation | string> {
  const terms: CallTerms = { urgency: 'backfill', deadline: Math.min(until, services.clock.now() + PAGE_MS) };
  const read = await readWorkforce(provisioning, services, reconciliation, terms);
  if (read.outcome === 'failed') return read.reason;
  const { offset: _, firstId: _first, held: _held, ...known } = reconciliation;
  if (read.outcome === 'unusable') {
    await noteWorkforceUnusable(services, provisioning.name);
    if (reconciliation.offset === 0) return { ...known, page: 2 };
    // What was found by that list counts no more.
    const { learned, adopted, drift, drifted, pages, nextPage } = known;
    const anew = newReconciliation(known.startedAt, nextPage);
    return { ...anew, ...compact({ lease: known.lease, pages }), learned, adopted, drift, drifted };
  }
  if (!read.isLast) return read.reconciliation;
  const { pages = 0, nextPage = 2 } = known;
  const page = nextPage <= pages ? nextPage : 2;
  return { ...known, page, until: page + Math.max(FEW_PAGES, Math.ceil(pages / NIGHTS)) - 1 };
}

/** One page of agents, or of their ids; a text says why it can't be read now. */
export async function readAgents(
  provisioning: TenantProvisioning,
  services: Services,
  reconciliation: Reconciliation,
  orgId: string,
  until: number,
): Promise<Reconciliation | string> {
  if (reconciliation.offset !== undefined) return readIds(provisioning, services, reconciliation, until);
  const { clock, directory } = services;
  const { name, client } = provisioning;
  const terms: CallTerms = { urgency: 'backfill', deadline: Math.min(until, clock.now() + PAGE_MS) };
  const askedAt = new Date(clock.now()).toISOString();
  const answer = await patientCall(clock, terms, (patient) =>
    client.listAgents(orgId, reconciliation.page, patient),
  );
  if (answer.outcome !== 'ok') return `page ${reconciliation.page} could not be read: ${answer.outcome}`;
  const { results, totalPages, mayHaveMore } = answer.value;
  const ids = results.map(({ id }) => id).join(' ');
  // A server that knows no pages gives the same one for ever.
  const isRepeated = ids !== '' && ids === reconciliation.lastIds;
  let after: Reconciliation = { ...reconciliation, ...compact({ pages: totalPages }), lastIds: ids };
  await provisioning.catalogue.learnRoles(results);
  const isPart = reconciliation.until !== undefined;
  for (const record of isRepeated ? [] : results) {
    const seen = { agentId: record.id, census: reconciliation.startedAt, email: record.emailId };
    await rememberAgent(directory, name, seen, clock.now());
    const found = await compare(provisioning, services, after, { agent: record, askedAt }, terms);
    after = isPart ? driftAlone(after, found) : { ...found, agents: found.agents + 1 };
  }
  const hasMore = !isRepeated && mayHaveMore(reconciliation.page);
  if (hasMore && reconciliation.page === 1 && (await isLong(provisioning, services, totalPages))) {
    return { ...after, offset: 0 };
  }
  if (hasMore && reconciliation.page !== reconciliation.until) {
    return { ...after, page: reconciliation.page + 1 };
  }
  const { lastIds: _, until: _until, ...read } = after;
  return {
    ...read,
    phase: 'persons',
    ...compact({ nextPage: isPart ? (hasMore ? reconciliation.page + 1 : 2) : undefined }),
  };
}

/** Where ids have been read already, nothing but drift is left to find: what they told of agents of no person stays. */
function driftAlone(before: Reconciliation, found: Reconciliation): Reconciliation {
  const { foreignAddresses: _addresses, ignoredForeigners: _ignored, ...rest } = found;
  const { foreign, foreigners, foreignAddresses, ignoredForeigners } = before;
  return { ...rest, foreign, foreigners, ...compact({ foreignAddresses, ignoredForeigners }) };
}

/** Whether there are so many pages of agents that another list is asked first, if it may be. */
async function isLong(
  { name }: TenantProvisioning,
  services: Services,
  totalPages: number | undefined,
): Promise<boolean> {
  const active = await services.directory.countActiveAgents(name);
  const pages = Math.max(totalPages ?? 0, Math.ceil(active / PAGE_SIZE));
  return pages > FEW_PAGES && (await mayReadWorkforce(services, name));
}
