import type { HistoryEntry } from '../../directory/history.ts';
import type { PersonRecord } from '../../directory/record.ts';
import { recordOfHolder } from '../../provision/agent/holders.ts';
import { requestReconciliation } from '../../provision/agent/search.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import type { BothValues, DriftValues } from '../../reconcile/agent-values.ts';
import { readIgnored } from '../../reconcile/ignored.ts';
import { type Reconciliation, readReconciliation } from '../../reconcile/report.ts';
import { compact } from '../../runtime/compact.ts';
import { type Actor, recordAction } from '../audit.ts';

/**
 * What became of a finding since: `open`, `due` (the agent is written or looked for within minutes), `over` (it was, or the
 * agent is a person's by now), or `ignored` by an operator.
 */
export type FindingState = 'open' | 'due' | 'over' | 'ignored';

/** A person in the result of a reconciliation. */
export interface Found {
  readonly id: string;
  /** Absent where the person is gone meanwhile. */
  readonly userName?: string;
  readonly now: FindingState;
}

/** A changed agent. */
export interface Drift extends Found {
  readonly fields: readonly string[];
  /** Both values of the first of them, as they were found; absent in what an older version found. */
  readonly values?: readonly BothValues[];
  /** ISO 8601: when the agent was changed last, as SmartAssist says. By whom, it doesn't say. */
  readonly changedAt?: string;
  /** ISO 8601: when it was last written from here. */
  readonly appliedAt?: string;
}

/** The last reconciliation, or the one under way. */
export interface ReconciliationView {
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly agents: number;
  readonly counts: {
    readonly learned: number;
    readonly adopted: number;
    readonly drifted: number;
    readonly missed: number;
    readonly foreigners: number;
    /** Findings that it left out because an operator had decided so. */
    readonly ignored: number;
  };
  /** Agents that were changed in SmartAssist: the fields, by person. */
  readonly drift: readonly Drift[];
  /** People whose agent is gone; each is looked up and made again by itself. */
  readonly missing: readonly Found[];
  /** Agents that belong to no person here. */
  readonly foreign: readonly {
    readonly agentId: string;
    readonly emailId?: string;
    readonly now: FindingState;
  }[];
  /** Of changed agents and agents of no person: how many nothing has been done about. Longer lists than 500 are cut. */
  readonly open: number;
}

/** The tenant as findings are about it. */
export type ReconciledTenant = Pick<TenantProvisioning, 'name' | 'account'>;

/** Has a reconciliation begun with the next minute; one under way goes on instead. */
export async function startReconciliation(services: Services, tenant: string, actor: Actor): Promise<void> {
  await requestReconciliation(services, tenant);
  await recordAction(services, tenant, actor, 'reconcile start');
}

/** What the last reconciliation found, and what became of it since. */
export async function showReconciliation(
  services: Pick<Services, 'directory'>,
  tenant: ReconciledTenant,
): Promise<ReconciliationView | undefined> {
  const { directory } = services;
  const found = await readReconciliation(services, tenant.name);
  if (found === undefined) return undefined;
  const ids = [...new Set([...found.drift.map(({ personId }) => personId), ...found.missing])];
  const records = await directory.readPersons(tenant.name, ids);
  const known = new Map(records.map((record) => [record.id, record]));
  const drift = await Promise.all(
    found.drift.map(async ({ personId, fields, theirs }) => {
      const ignored = await readIgnored(directory, tenant.name, { person: personId });
      const isIgnored = ignored !== undefined && ignored.theirs === theirs;
      const seen = foundOf(personId, known.get(personId), found);
      const now = isIgnored && seen.now === 'open' ? 'ignored' : seen.now;
      const { appliedAt } = known.get(personId)?.agent ?? {};
      const values = known.has(personId) ? await valuesOf(directory, tenant.name, personId, found) : {};
      return { ...seen, now, fields, ...values, ...compact({ appliedAt }) };
    }),
  );
  const foreign = await Promise.all(
    found.foreign.map(async (agentId) => {
      const emailId = found.foreignAddresses?.[agentId];
      const now = await stateOfAgent(directory, tenant, agentId);
      return { agentId, ...compact({ emailId }), now };
    }),
  );
  const settled = [...drift, ...foreign].filter(({ now }) => now !== 'open').length;
  const { startedAt, finishedAt, agents, learned, adopted, drifted, missed, foreigners } = found;
  const ignored = (found.ignored ?? 0) + (found.ignoredForeigners ?? 0);
  return {
    startedAt,
    ...compact({ finishedAt }),
    agents,
    counts: { learned, adopted, drifted, missed, foreigners, ignored },
    drift,
    missing: found.missing.map((id) => foundOf(id, known.get(id), found)),
    foreign,
    open: drifted + foreigners - settled,
  };
}

/** So far back in the history of a person is looked for what a reconciliation found. */
const LOOKED_AT = 10;

/** Both values of a finding, which are kept with the history of the person and erased with it. */
async function valuesOf(
  directory: Services['directory'],
  tenant: string,
  personId: string,
  { startedAt }: Reconciliation,
): Promise<Pick<Drift, 'values' | 'changedAt'>> {
  const { entries } = await directory.listHistory(tenant, personId, { limit: LOOKED_AT });
  const entry = entries.find(({ what, at }) => what === 'drift' && at >= startedAt);
  if (entry === undefined || !Array.isArray(entry.values)) return {};
  const { values, updatedAt } = entry as HistoryEntry & Partial<DriftValues>;
  return compact({ values, changedAt: updatedAt });
}

function foundOf(id: string, record: PersonRecord | undefined, { startedAt }: Reconciliation): Found {
  if (record === undefined) return { id, now: 'over' };
  const { state, agent } = record;
  const isWritten = (agent.appliedAt ?? '') >= startedAt;
  return { id, userName: record.person.userName, now: state === 'due' ? 'due' : isWritten ? 'over' : 'open' };
}

async function stateOfAgent(
  directory: Services['directory'],
  { name, account }: ReconciledTenant,
  agentId: string,
): Promise<FindingState> {
  const holder = await recordOfHolder(directory, account, agentId);
  if (holder !== undefined) return holder.tenant === name && holder.state === 'due' ? 'due' : 'over';
  return (await readIgnored(directory, name, { agent: agentId })) === undefined ? 'open' : 'ignored';
}
