import type { PersonRecord } from '../directory/record.ts';
import { claimAgent } from '../provision/agent/holders.ts';
import { findByCustomId, rememberAgent } from '../provision/agent-index.ts';
import { HISTORY_DAYS } from '../provision/history.ts';
import { agentLost, due } from '../provision/lifecycle.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import { compact } from '../runtime/compact.ts';
import { type AgentRecord, differences, groupIdOf, managedFieldsOf } from '../smartassist/agent.ts';
import type { CallTerms } from '../smartassist/client.ts';
import { keepAgentHolders } from './holder-keys.ts';
import { appended, newReconciliation, type Reconciliation, reconciliationSchema } from './report.ts';

const DOCUMENT = 'census';
const PERSONS_PAGE = 100;
/** What one page may take, with waiting for its call. */
const PAGE_MS = 90_000;
const LEASE_MS = 3 * 60_000;
const NAP_MS = 1_000;

/** How a census, or a part of it, ended. */
export type ReconciliationOutcome =
  | { readonly outcome: 'done'; readonly census: Reconciliation }
  /** Time is up, SmartAssist can't be read now, or somebody else is at it: call again. */
  | { readonly outcome: 'more'; readonly reason: string }
  /** No agent has been seen yet, so nobody knows which organization to ask for. */
  | { readonly outcome: 'no-organization' };

/**
 * Reads all agents of a tenant page by page and holds them against the directory: learns ids, finds agents to adopt,
 * drift, agents that are gone and agents of nobody. Where the tenant says so, drift is repaired. It can end at any page
 * and is gone on with by the next call; its calls are back-fill.
 *
 * @param until epoch milliseconds
 * @param begin starts a new one where none is under way
 */
export async function reconcile(
  provisioning: TenantProvisioning,
  services: Services,
  until: number,
  begin: boolean,
): Promise<ReconciliationOutcome> {
  const { clock, randomId } = services;
  const { name } = provisioning;
  if (!(await keepAgentHolders(provisioning, services, until))) {
    return { outcome: 'more', reason: 'it is not known yet whose each agent is' };
  }
  const orgId = await provisioning.organization.id();
  if (orgId === undefined) return { outcome: 'no-organization' };
  const holder = randomId();
  let held = await take(services, name, holder, begin);
  if (held === undefined) return { outcome: 'more', reason: 'none is under way, or somebody else is at it' };

  while (held.census.phase !== 'done') {
    if (clock.now() + NAP_MS >= until) return release(services, name, held, 'time is up');
    const step =
      held.census.phase === 'agents'
        ? await readAgents(provisioning, services, held.census, orgId, until)
        : await lookForMissing(provisioning, services, held.census);
    if (typeof step === 'string') return release(services, name, held, step);
    held = await keep(services, name, held, { ...step, lease: { holder, until: clock.now() + LEASE_MS } });
  }
  const { lease: _, ...census } = { ...held.census, finishedAt: new Date(clock.now()).toISOString() };
  await keep(services, name, held, census);
  for (const [kind, found] of [
    ['changed', census.drifted],
    ['missing', census.missed],
    ['foreign', census.foreigners],
  ] as const) {
    services.metrics.gauge('CensusDrift', { tenant: name, kind }, found);
  }
  services.log.info('census done', {
    tenant: name,
    agents: census.agents,
    drifted: census.drifted,
    missed: census.missed,
    foreigners: census.foreigners,
  });
  return { outcome: 'done', census };
}

/** The last census, or the one under way. */
export async function readReconciliation(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
): Promise<Reconciliation | undefined> {
  const document = await directory.readDocument(tenant, DOCUMENT);
  return document === undefined ? undefined : reconciliationSchema().parse(document.body);
}

/** One page of agents; a text says why it can't be read now. */
async function readAgents(
  provisioning: TenantProvisioning,
  services: Services,
  census: Reconciliation,
  orgId: string,
  until: number,
): Promise<Reconciliation | string> {
  const { clock, directory } = services;
  const { name, client } = provisioning;
  const terms: CallTerms = { urgency: 'backfill', deadline: Math.min(until, clock.now() + PAGE_MS) };
  let answer = await client.listAgents(orgId, census.page, terms);
  while (answer.outcome === 'no-slot' && clock.now() + NAP_MS < terms.deadline) {
    await clock.sleep(Math.min(answer.waitMs, NAP_MS));
    answer = await client.listAgents(orgId, census.page, terms);
  }
  if (answer.outcome !== 'ok') return `page ${census.page} could not be read: ${answer.outcome}`;
  const { results, hasMore, totalPages } = answer.value;
  let after: Reconciliation = { ...census, ...compact({ pages: totalPages }) };
  await provisioning.catalogue.learnRoles(results);
  for (const record of results) {
    const seen = { agentId: record.id, census: census.startedAt };
    await rememberAgent(
      directory,
      name,
      { ...seen, email: record.emailId, customId: record.customId ?? undefined },
      clock.now(),
    );
    after = await compare(provisioning, services, { ...after, agents: after.agents + 1 }, record, terms);
  }
  const isLast =
    results.length === 0 || hasMore === false || (totalPages !== undefined && census.page >= totalPages);
  return isLast ? { ...after, phase: 'persons' } : { ...after, page: census.page + 1 };
}

/** Holds one agent against the person it belongs to. */
async function compare(
  provisioning: TenantProvisioning,
  services: Services,
  census: Reconciliation,
  agent: AgentRecord,
  terms: CallTerms,
): Promise<Reconciliation> {
  const { directory, clock } = services;
  const person = await personOf(provisioning, services, agent);
  if (person === undefined) {
    return { ...census, foreign: appended(census.foreign, agent.id), foreigners: census.foreigners + 1 };
  }
  let after = census;
  let record = person;
  const isOurs = record.agent.customId === agent.customId || record.agent.agentId === agent.id;
  if (isOurs && record.agent.agentId === undefined && record.agent.presence !== 'none') {
    const claim = await claimAgent(directory, provisioning.account, record, agent.id);
    if (claim.outcome === 'claimed') {
      record = claim.record;
      after = { ...after, learned: after.learned + 1 };
    }
  }
  if (record.state === 'failed' && !isOurs) {
    // Refused because this agent was there before: now it can be found.
    if ((await directory.updatePerson(record, due(record, clock.now()))).ok) {
      after = { ...after, adopted: after.adopted + 1 };
    }
    return after;
  }
  if (!isOurs || record.state === 'due') return after;
  const fields = await driftOf(provisioning, record, agent, terms);
  if (fields.length === 0) return after;
  await directory.appendHistory(
    record.tenant,
    record.id,
    { at: new Date(clock.now()).toISOString(), what: 'drift', source: 'census', changed: fields },
    HISTORY_DAYS,
  );
  if (provisioning.tenant.lifecycle.drift === 'repair') {
    await directory.updatePerson(record, due(agentLost(record, record.agent.presence), clock.now(), 1));
  }
  return {
    ...after,
    drift: appended(after.drift, { personId: record.id, fields }),
    drifted: after.drifted + 1,
  };
}

/** By e-mail address, which is unique in SmartAssist; our own key is for those whose address was changed there. */
async function personOf(
  { name }: TenantProvisioning,
  { directory }: Services,
  agent: AgentRecord,
): Promise<PersonRecord | undefined> {
  const email = agent.emailId ?? '';
  if (email === '') return undefined;
  const byEmail = await directory.findPerson(name, { attribute: 'email', value: email });
  const candidates =
    byEmail.length > 0 ? byEmail : await directory.findPerson(name, { attribute: 'userName', value: email });
  return candidates.find(({ agent: known }) => known.customId === agent.customId) ?? candidates[0];
}

/** The managed fields in which the agent isn't what it should be. */
async function driftOf(
  { planner }: TenantProvisioning,
  record: PersonRecord,
  agent: AgentRecord,
  terms: CallTerms,
): Promise<string[]> {
  const plan = await planner.plan(record, terms);
  if (record.state === 'provisioned' && plan.kind === 'agent' && record.agent.appliedHash === plan.hash) {
    return differences(agent, managedFieldsOf(plan.payload));
  }
  if (
    record.state === 'suspended' &&
    plan.kind === 'suspend' &&
    groupIdOf(agent) !== plan.unassignedGroupId
  ) {
    return ['agentGroupId'];
  }
  return [];
}

/** One page of persons: whose agent did the census not see? */
async function lookForMissing(
  { name }: TenantProvisioning,
  { directory, clock }: Services,
  census: Reconciliation,
): Promise<Reconciliation> {
  const { persons, next } = await directory.listPersons(name, {
    limit: PERSONS_PAGE,
    ...compact({ after: census.after }),
  });
  let after = census;
  for (const record of persons) {
    const { presence, appliedAt, customId } = record.agent;
    const shouldBeThere = presence === 'active' || presence === 'suspended';
    // Made or changed since the census began: it may have come behind its back.
    if (!shouldBeThere || record.state === 'due' || (appliedAt ?? '') >= census.startedAt) continue;
    const seen = await findByCustomId(directory, name, customId);
    if (seen !== undefined && seen.census >= census.startedAt) continue;
    // It may be there all the same, where somebody took our key out of it or a page shifted while it was read: what is
    // lost is looked up before it is made again.
    after = { ...after, missing: appended(after.missing, record.id), missed: after.missed + 1 };
    await directory.updatePerson(record, due(agentLost(record, 'none'), clock.now(), 1));
  }
  const { after: _, ...rest } = after;
  return next === undefined ? { ...rest, phase: 'done' } : { ...after, after: next };
}

interface Held {
  readonly version: number;
  readonly census: Reconciliation;
}

/** Takes the census under way, or a new one, with a lease; undefined when there is none or somebody else has it. */
async function take(
  { directory, clock, log }: Services,
  tenant: string,
  holder: string,
  begin: boolean,
): Promise<Held | undefined> {
  const document = await directory.readDocument(tenant, DOCUMENT);
  const known = document === undefined ? undefined : reconciliationSchema().parse(document.body);
  const now = clock.now();
  if (known?.lease !== undefined && known.lease.until > now) return undefined;
  const isUnderWay = known !== undefined && known.phase !== 'done';
  if (!isUnderWay && !begin) return undefined;
  const census = {
    ...(isUnderWay ? known : newReconciliation(new Date(now).toISOString())),
    lease: { holder, until: now + LEASE_MS },
  };
  const condition = document === undefined ? 'absent' : { version: document.version };
  const result = await directory.writeDocument(tenant, DOCUMENT, census, condition);
  if (!result.ok) return undefined;
  if (!isUnderWay) {
    const agents = await directory.countActiveAgents(tenant);
    log.info('census begins', { tenant, callsAbout: Math.ceil(agents / 10) });
  }
  return { version: result.version, census };
}

async function keep(
  { directory }: Services,
  tenant: string,
  held: Held,
  census: Reconciliation,
): Promise<Held> {
  const result = await directory.writeDocument(tenant, DOCUMENT, { ...census }, { version: held.version });
  if (!result.ok) throw new Error('two hands on one census');
  return { version: result.version, census };
}

async function release(
  services: Services,
  tenant: string,
  held: Held,
  reason: string,
): Promise<ReconciliationOutcome> {
  const { lease: _, ...census } = held.census;
  await keep(services, tenant, held, census);
  return { outcome: 'more', reason };
}
