import type { Directory } from '../directory/directory.ts';
import { readToChange } from '../directory/documents.ts';
import { type PersonRecord, PRIORITY } from '../directory/record.ts';
import { addressOf, has, holderOfAddress } from '../provision/agent/address.ts';
import { isRefusedForAddress } from '../provision/agent/freed-address.ts';
import { hasAgent } from '../provision/agent/presence.ts';
import { findByEmail, findById } from '../provision/agent-index.ts';
import { readPause } from '../provision/drain/pause.ts';
import { agentLost, due } from '../provision/lifecycle.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import { compact } from '../runtime/compact.ts';
import type { CallTerms } from '../smartassist/client.ts';
import { PAGE_SIZE, readAgents } from './agent-pages.ts';
import { keepAgentHolders } from './holder-keys.ts';
import { appended, isUnderWay, newReconciliation, RECONCILIATION, type Reconciliation } from './report.ts';

const PERSONS_PAGE = 100;
const LEASE_MS = 3 * 60_000;
const NAP_MS = 1_000;
const PAUSED = 'the tenant is paused';

/** How a reconciliation, or a part of it, ended. */
export type ReconciliationOutcome =
  | { readonly outcome: 'done'; readonly reconciliation: Reconciliation }
  /** Time is up, SmartAssist can't be read now, or another run is at it: call again. */
  | { readonly outcome: 'more'; readonly reason: string }
  /** Neither an agent nor the catalogue has told which organization to ask for. */
  | { readonly outcome: 'no-organization' };

/**
 * Reads all agents of a tenant page by page and holds them against the directory: learns ids, finds agents to adopt,
 * drift, agents that are gone and agents that no person holds. Where the tenant says so, drift is repaired. It can end at any page
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
  if ((await readPause(services.directory, name)) !== undefined) return { outcome: 'more', reason: PAUSED };
  const orgId = await organizationOf(provisioning, { urgency: 'backfill', deadline: until });
  if (orgId === undefined) return { outcome: 'no-organization' };
  const holder = randomId();
  let held = await take(services, name, holder, begin);
  if (held === undefined)
    return { outcome: 'more', reason: 'none is under way, or another function is at it' };

  while (held.reconciliation.phase !== 'done') {
    if ((await readPause(services.directory, name)) !== undefined)
      return release(services, name, held, PAUSED);
    if (clock.now() + NAP_MS >= until) return release(services, name, held, 'time is up');
    const step =
      held.reconciliation.phase === 'agents'
        ? await readAgents(provisioning, services, held.reconciliation, orgId, until)
        : await lookForMissing(provisioning, services, held.reconciliation);
    if (typeof step === 'string') return release(services, name, held, step);
    held = await keep(services, name, held, { ...step, lease: { holder, until: clock.now() + LEASE_MS } });
  }
  const { lease: _, ...reconciliation } = {
    ...held.reconciliation,
    finishedAt: new Date(clock.now()).toISOString(),
  };
  await keep(services, name, held, reconciliation);
  for (const [kind, found] of [
    ['changed', reconciliation.drifted],
    ['missing', reconciliation.missed],
    ['foreign', reconciliation.foreigners],
  ] as const) {
    services.metrics.gauge('CensusDrift', { tenant: name, kind }, found);
  }
  services.log.info('reconciliation done', {
    tenant: name,
    agents: reconciliation.agents,
    drifted: reconciliation.drifted,
    missed: reconciliation.missed,
    foreigners: reconciliation.foreigners,
  });
  return { outcome: 'done', reconciliation };
}

/** The id of the organization; the names of the catalogue tell it where no answer has told it yet. */
async function organizationOf(
  { organization, catalogue }: TenantProvisioning,
  terms: CallTerms,
): Promise<string | undefined> {
  const known = await organization.id();
  if (known !== undefined) return known;
  const names = await catalogue.get(terms);
  const told = await organization.id();
  if (told !== undefined || names.outcome !== 'ok') return told;
  // The names were kept by a version that didn't look for it.
  await catalogue.getNewer(names.value, terms);
  return organization.id();
}

/** One page of persons: whose agent did the reconciliation not see, and who may have an address that was another's? */
async function lookForMissing(
  provisioning: TenantProvisioning,
  services: Services,
  reconciliation: Reconciliation,
): Promise<Reconciliation> {
  const { persons, next } = await services.directory.listPersons(provisioning.name, {
    limit: PERSONS_PAGE,
    ...compact({ after: reconciliation.after }),
  });
  let after = reconciliation;
  for (const record of persons) {
    if (isRefusedForAddress(record) && (await triesAgain(provisioning, services, record, reconciliation)))
      continue;
    if (await lookUpIfUnseen(provisioning, services, record, reconciliation)) {
      after = { ...after, missing: appended(after.missing, record.id), missed: after.missed + 1 };
    }
  }
  const { after: _, ...rest } = after;
  return next === undefined ? { ...rest, phase: 'done' } : { ...after, after: next };
}

/**
 * Has a person's agent looked up that the reconciliation did not see. It may be there all the same, where a page shifted while
 * it was read: what is lost is looked up before it is made again.
 *
 * @returns whether it was not seen
 */
async function lookUpIfUnseen(
  provisioning: TenantProvisioning,
  { directory, clock }: Services,
  record: PersonRecord,
  { startedAt }: Reconciliation,
): Promise<boolean> {
  const { appliedAt, agentId } = record.agent;
  // Made or changed since the reconciliation began: it may have come behind its back. What an operator decided stays.
  if (!hasAgent(record) || record.state === 'due' || record.discarded !== undefined) return false;
  if ((appliedAt ?? '') >= startedAt) return false;
  const address = addressOf(provisioning, record);
  if (await wasSeen(directory, provisioning.name, agentId ?? { address }, startedAt)) return false;
  await directory.updatePerson(record, due(agentLost(record, 'none'), clock.now(), PRIORITY.backfill));
  return true;
}

/**
 * Has a person tried again who was refused for an address that an agent of another person had, where no agent has it any more.
 * The agent of a deleted person is looked up for this alone: nobody else misses it.
 *
 * @returns whether the person is tried again
 */
async function triesAgain(
  provisioning: TenantProvisioning,
  services: Services,
  record: PersonRecord,
  reconciliation: Reconciliation,
): Promise<boolean> {
  const { directory, clock } = services;
  const address = addressOf(provisioning, record);
  const holder = has(record, address)
    ? undefined
    : await holderOfAddress(provisioning, services, record, address);
  if (holder !== undefined) {
    if (holder.deletedAt !== undefined) await lookUpIfUnseen(provisioning, services, holder, reconciliation);
    return false;
  }
  if (await wasSeen(directory, provisioning.name, { address }, reconciliation.startedAt)) return false;
  await directory.updatePerson(record, due(record, clock.now(), PRIORITY.backfill));
  return true;
}

/** Whether a reconciliation has seen an agent. A long list shows all ids in a night, and addresses in the course of a week. */
async function wasSeen(
  directory: Directory,
  tenant: string,
  agent: string | { readonly address: string },
  startedAt: string,
): Promise<boolean> {
  const id =
    typeof agent === 'string' ? agent : (await findByEmail(directory, tenant, agent.address))?.agentId;
  const seen = id === undefined ? undefined : await findById(directory, tenant, id);
  return seen !== undefined && seen.census >= startedAt;
}

interface Held {
  readonly version: number;
  readonly reconciliation: Reconciliation;
}

/** Takes the reconciliation under way, or a new one, with a lease; undefined when there is none or another run has it. */
async function take(
  { directory, clock, log }: Services,
  tenant: string,
  holder: string,
  begin: boolean,
): Promise<Held | undefined> {
  const { body: known, condition } = await readToChange(directory, tenant, RECONCILIATION);
  const now = clock.now();
  if (known?.lease !== undefined && known.lease.until > now) return undefined;
  const goesOn = isUnderWay(known);
  if (!goesOn && !begin) return undefined;
  const reconciliation = {
    ...(goesOn ? known : newReconciliation(new Date(now).toISOString(), known?.nextPage)),
    lease: { holder, until: now + LEASE_MS },
  };
  const result = await directory.writeDocument(tenant, RECONCILIATION.name, reconciliation, condition);
  if (!result.ok) return undefined;
  if (!goesOn) {
    const agents = await directory.countActiveAgents(tenant);
    log.info('reconciliation begins', { tenant, callsAbout: Math.ceil(agents / PAGE_SIZE) });
  }
  return { version: result.version, reconciliation };
}

async function keep(
  { directory }: Services,
  tenant: string,
  held: Held,
  reconciliation: Reconciliation,
): Promise<Held> {
  const result = await directory.writeDocument(
    tenant,
    RECONCILIATION.name,
    { ...reconciliation },
    { version: held.version },
  );
  if (!result.ok) throw new Error('the reconciliation was written by another holder of its lease');
  return { version: result.version, reconciliation };
}

async function release(
  services: Services,
  tenant: string,
  held: Held,
  reason: string,
): Promise<ReconciliationOutcome> {
  const { lease: _, ...reconciliation } = held.reconciliation;
  await keep(services, tenant, held, reconciliation);
  return { outcome: 'more', reason };
}
