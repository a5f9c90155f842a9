import type { PersonRecord } from '../directory/record.ts';
import { initialFieldsOf } from '../mapping/ownership.ts';
import { has, personsOfAddress } from '../provision/agent/address.ts';
import { claimAgent, recordOfHolder } from '../provision/agent/holders.ts';
import { isProbeAgent } from '../provision/agent/probe-record.ts';
import { HISTORY_DAYS } from '../provision/history.ts';
import { agentLost, due } from '../provision/lifecycle.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import { folded } from '../scim-core/fold.ts';
import {
  type AgentRecord,
  differences,
  groupIdOf,
  isOutOfService,
  type ManagedFields,
  managedFieldsOf,
} from '../smartassist/agent.ts';
import type { CallTerms } from '../smartassist/client.ts';
import { driftValuesOf } from './agent-values.ts';
import { readIgnored, theirsOf } from './ignored.ts';
import { appended, LIST_LIMIT, type Reconciliation } from './report.ts';

/** An agent as a page of the list shows it. */
interface Listed {
  readonly agent: AgentRecord;
  /** When the page was asked for: it shows nothing that was changed later, and may be compared a good while after. */
  readonly askedAt: string;
}

/** Holds one agent of the list against the person it belongs to: by the agent's id, then by its e-mail address. */
export async function compare(
  provisioning: TenantProvisioning,
  services: Services,
  reconciliation: Reconciliation,
  listed: Listed,
  terms: CallTerms,
): Promise<Reconciliation> {
  const { agent } = listed;
  if (isProbeAgent(agent)) return reconciliation;
  const { name, account } = provisioning;
  const holder = await recordOfHolder(services.directory, account, agent.id);
  if (holder === undefined) return matchByAddress(provisioning, services, reconciliation, listed, terms);
  // An agent of another tenant of the account is compared by that tenant's reconciliation.
  return holder.tenant === name
    ? reportDrift(provisioning, services, reconciliation, { ...listed, record: holder }, terms)
    : reconciliation;
}

/** An agent that no person holds: one that we made and whose id wasn't told, one to adopt, or a foreign one. */
async function matchByAddress(
  provisioning: TenantProvisioning,
  services: Services,
  reconciliation: Reconciliation,
  listed: Listed,
  terms: CallTerms,
): Promise<Reconciliation> {
  const { directory, clock } = services;
  const { agent } = listed;
  const persons = await personsOfAddress(provisioning, services, agent.emailId ?? '');
  // One whose agent has another address isn't found by the one that it is about to get.
  const made = persons.filter(
    (record) => record.agent.agentId === undefined && has(record, agent.emailId ?? ''),
  );
  const [first, ...others] = made;
  // Of several the Custom ID decides, which the list doesn't show: it is looked up when one of them changes.
  if (others.length > 0) return reconciliation;
  if (first !== undefined) {
    const claim = await claimAgent(directory, provisioning.account, first, agent.id);
    if (claim.outcome !== 'claimed') return reconciliation;
    const after = { ...reconciliation, learned: reconciliation.learned + 1 };
    return reportDrift(provisioning, services, after, { ...listed, record: claim.record }, terms);
  }
  // Refused because this agent was there before, or waiting for it: now it can be found.
  const waiting = persons.find(
    ({ state, attempts, agent: known }) =>
      known.agentId === undefined && (state === 'failed' || attempts.lookedForSince !== undefined),
  );
  if (waiting === undefined) {
    const isComing = persons.some(({ state }) => state === 'due');
    return isComing ? reconciliation : reportForeign(provisioning, services, reconciliation, agent);
  }
  const isDue = (await directory.updatePerson(waiting, due(waiting, clock.now()))).ok;
  return isDue ? { ...reconciliation, adopted: reconciliation.adopted + 1 } : reconciliation;
}

/** An agent that no person holds, unless an operator knows of it. */
async function reportForeign(
  { name }: TenantProvisioning,
  { directory }: Services,
  reconciliation: Reconciliation,
  { id, emailId }: AgentRecord,
): Promise<Reconciliation> {
  if ((await readIgnored(directory, name, { agent: id })) !== undefined) {
    return { ...reconciliation, ignoredForeigners: (reconciliation.ignoredForeigners ?? 0) + 1 };
  }
  const { foreign, foreigners, foreignAddresses } = reconciliation;
  // A list that shifts while it is read may show an agent twice.
  if (foreign.includes(id)) return reconciliation;
  const isListed = emailId !== undefined && emailId !== '' && foreign.length < LIST_LIMIT;
  return {
    ...reconciliation,
    foreign: appended(foreign, id),
    foreigners: foreigners + 1,
    ...(isListed ? { foreignAddresses: { ...foreignAddresses, [id]: emailId } } : {}),
  };
}

async function reportDrift(
  provisioning: TenantProvisioning,
  services: Services,
  reconciliation: Reconciliation,
  { record, agent, askedAt }: Listed & { readonly record: PersonRecord },
  terms: CallTerms,
): Promise<Reconciliation> {
  const { directory, clock } = services;
  if (record.state === 'due' || (record.agent.appliedAt ?? '') >= askedAt) return reconciliation;
  const { fields, wanted } = await driftOf(provisioning, record, agent, terms);
  if (fields.length === 0) return reconciliation;
  // Shown twice, as in a list that shifts, or read again because another list proved of no use.
  if (reconciliation.drift.some(({ personId }) => personId === record.id)) return reconciliation;
  const theirs = theirsOf(record.id, agent, fields);
  const ignored = await readIgnored(directory, record.tenant, { person: record.id });
  if (ignored?.theirs === theirs) return { ...reconciliation, ignored: (reconciliation.ignored ?? 0) + 1 };
  const at = new Date(clock.now()).toISOString();
  const both = driftValuesOf(agent, wanted, fields, await provisioning.catalogue.known());
  const entry = { at, what: 'drift', source: 'census', changed: fields, ...both };
  await directory.appendHistory(record.tenant, record.id, entry, HISTORY_DAYS);
  if (provisioning.tenant.lifecycle.drift === 'repair') {
    await directory.updatePerson(record, due(agentLost(record, record.agent.presence), clock.now(), 1));
  }
  return {
    ...reconciliation,
    drift: appended(reconciliation.drift, { personId: record.id, fields: [...fields], theirs }),
    drifted: reconciliation.drifted + 1,
  };
}

/** The managed fields in which the agent isn't what it should be, of those that the list shows. */
async function driftOf(
  { planner, tenant }: TenantProvisioning,
  record: PersonRecord,
  agent: AgentRecord,
  terms: CallTerms,
): Promise<{ readonly fields: readonly string[]; readonly wanted: ManagedFields }> {
  const plan = await planner.plan(record, terms);
  if (record.state === 'provisioned' && plan.kind === 'agent' && record.agent.appliedHash === plan.hash) {
    const managed = Object.entries(managedFieldsOf(plan.payload, initialFieldsOf(tenant)));
    const wanted = Object.fromEntries(
      managed.filter(([field]) => isShown(agent, field) && !isKeptAddress(record, agent, field)),
    );
    return { fields: differences(agent, wanted), wanted };
  }
  if (record.state === 'suspended' && plan.kind === 'suspend') {
    const wanted = { agentGroupId: plan.unassignedGroupId };
    const isOut = isOutOfService(agent, plan.unassignedGroupId);
    return { fields: isOut || !isShown(agent, 'agentGroupId') ? [] : ['agentGroupId'], wanted };
  }
  return { fields: [], wanted: {} };
}

/** An address that SmartAssist kept in spite of an update isn't drift: nobody changed it. */
function isKeptAddress({ agent: { emailId } }: PersonRecord, agent: AgentRecord, field: string): boolean {
  return field === 'emailId' && emailId !== undefined && folded(emailId) === folded(agent.emailId ?? '');
}

/** A field that the list doesn't carry, or that this record may lack in it, is no drift. */
function isShown(agent: AgentRecord, field: string): boolean {
  return field === 'agentGroupId' ? groupIdOf(agent) !== undefined : agent[field] !== undefined;
}
