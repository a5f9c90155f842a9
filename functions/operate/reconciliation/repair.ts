import { type PersonRecord, PRIORITY } from '../../directory/record.ts';
import { hasAgent } from '../../provision/agent/presence.ts';
import { changeRecord } from '../../provision/change-record.ts';
import { HISTORY_DAYS } from '../../provision/history.ts';
import { agentLost, due } from '../../provision/lifecycle.ts';
import type { Services } from '../../provision/services.ts';
import { eraseIgnored } from '../../reconcile/ignored.ts';
import { compact } from '../../runtime/compact.ts';
import { type Actor, recordAction } from '../audit.ts';

export interface Repaired {
  readonly id: string;
  readonly userName: string;
  /**
   * `due`: read and written within minutes. `already`: is due anyway. `held`: the brake has to be decided about.
   * `no-agent`: has none that could be written. `changed`: another write came first.
   */
  readonly outcome: 'due' | 'already' | 'held' | 'no-agent' | 'changed';
}

/** Those named in the audit; a longer list is told by its number. */
const NAMED = 100;

/** What `repairPeople` would do with a record. */
export function repairOutcome(record: PersonRecord): Repaired['outcome'] {
  const { state, held } = record;
  if (held !== undefined) return 'held';
  if (state === 'due') return 'already';
  return hasAgent(record) ? 'due' : 'no-agent';
}

/**
 * Has the agents of people read and, where they differ, written as they should be: what `lifecycle.drift: repair` does by
 * itself. It takes up to two calls each, counts as a change for the brake, and ends what was ignored of them.
 */
export async function repairPeople(
  services: Services,
  tenant: string,
  records: readonly PersonRecord[],
  actor: Actor,
): Promise<Repaired[]> {
  const { directory, clock } = services;
  const repaired: Repaired[] = [];
  for (const record of records) {
    const row = { id: record.id, userName: record.person.userName };
    const outcome = repairOutcome(record);
    if (outcome !== 'due') {
      repaired.push({ ...row, outcome });
      continue;
    }
    const isChanged = await changeRecord(directory, record, (current) =>
      repairOutcome(current) === 'due'
        ? due(agentLost(current, current.agent.presence), clock.now(), PRIORITY.backfill)
        : undefined,
    );
    repaired.push({ ...row, outcome: isChanged ? 'due' : 'changed' });
    if (!isChanged) continue;
    await eraseIgnored(directory, tenant, { person: record.id });
    const entry = { at: new Date(clock.now()).toISOString(), what: 'repair', source: actor.by };
    const { reason: message } = actor;
    await directory.appendHistory(tenant, record.id, { ...entry, ...compact({ message }) }, HISTORY_DAYS);
  }
  const done = repaired.filter(({ outcome }) => outcome === 'due');
  await recordAction(services, tenant, actor, 'reconcile repair', {
    count: done.length,
    persons: done.slice(0, NAMED).map(({ id }) => id),
  });
  if (done.length > 0) await services.ring(tenant);
  return repaired;
}
