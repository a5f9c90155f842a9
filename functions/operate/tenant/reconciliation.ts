import type { PersonRecord } from '../../directory/record.ts';
import { requestReconciliation } from '../../provision/agent/search.ts';
import type { Services } from '../../provision/services.ts';
import { readReconciliation } from '../../reconcile/reconciliation.ts';
import type { Reconciliation } from '../../reconcile/report.ts';
import { type Actor, recordAction } from '../audit.ts';

/** A person in the result of a reconciliation. */
export interface Found {
  readonly id: string;
  /** Absent where the person is gone meanwhile. */
  readonly userName?: string;
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
  };
  /** Agents that were changed in SmartAssist: the fields, by person. */
  readonly drift: readonly (Found & { readonly fields: readonly string[] })[];
  /** People whose agent is gone; each is looked up and made again by itself. */
  readonly missing: readonly Found[];
  /** Ids of agents that belong to nobody here. */
  readonly foreign: readonly string[];
}

/** Has a reconciliation begun with the next minute; one under way goes on instead. */
export async function startReconciliation(services: Services, tenant: string, actor: Actor): Promise<void> {
  await requestReconciliation(services, tenant);
  await recordAction(services, tenant, actor, 'reconcile start');
}

export async function showReconciliation(
  services: Pick<Services, 'directory'>,
  tenant: string,
): Promise<ReconciliationView | undefined> {
  const found = await readReconciliation(services, tenant);
  if (found === undefined) return undefined;
  const ids = [...new Set([...found.drift.map(({ personId }) => personId), ...found.missing])];
  const records = await services.directory.readPersons(tenant, ids);
  const known = new Map(records.map((record) => [record.id, record]));
  return viewOf(found, known);
}

function viewOf(found: Reconciliation, known: ReadonlyMap<string, PersonRecord>): ReconciliationView {
  const named = (id: string): Found => {
    const userName = known.get(id)?.person.userName;
    return { id, ...(userName === undefined ? {} : { userName }) };
  };
  const { startedAt, finishedAt, agents, learned, adopted, drifted, missed, foreigners } = found;
  return {
    startedAt,
    ...(finishedAt === undefined ? {} : { finishedAt }),
    agents,
    counts: { learned, adopted, drifted, missed, foreigners },
    drift: found.drift.map(({ personId, fields }) => ({ ...named(personId), fields })),
    missing: found.missing.map(named),
    foreign: found.foreign,
  };
}
