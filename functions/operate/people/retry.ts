import type { ListedState } from '../../directory/people/listed.ts';
import { type PersonRecord, PRIORITY } from '../../directory/record.ts';
import { changeRecord } from '../../provision/change-record.ts';
import { HISTORY_DAYS } from '../../provision/history.ts';
import { due } from '../../provision/lifecycle.ts';
import { listedStateOf } from '../../provision/listed.ts';
import type { Services } from '../../provision/services.ts';
import { compact } from '../../runtime/compact.ts';
import { type Actor, recordAction } from '../audit.ts';

export interface Retried {
  readonly id: string;
  readonly userName: string;
  /** Where the person stood. */
  readonly was: ListedState;
  /**
   * `due`: tried again now. `already`: was due, and had not been put off. `held`: the brake has to be decided about.
   * `changed`: another write came first; the person stands as that left them.
   */
  readonly outcome: 'due' | 'already' | 'held' | 'changed';
}

/** Those named in the audit; a longer list is told by its number. */
const NAMED = 100;
/** So many may go ahead of back-fill; more would keep people who arrive waiting. */
const AHEAD = 100;

/** What `retryPeople` would do with a record. */
export function retryOutcome(record: PersonRecord, now: number): Retried['outcome'] {
  if (record.held !== undefined) return 'held';
  if (record.dueAt !== undefined && Date.parse(record.dueAt) <= now) return 'already';
  return 'due';
}

/**
 * Makes people due again, whatever they stand at: those without an agent first, as people do who join. What waits for the
 * brake stays, and has to be decided about there.
 */
export async function retryPeople(
  services: Services,
  tenant: string,
  records: readonly PersonRecord[],
  actor: Actor,
): Promise<Retried[]> {
  const { directory, clock } = services;
  const isJoiner = ({ agent }: PersonRecord) => agent.presence === 'none';
  const ordered = records.toSorted((a, b) => Number(isJoiner(b)) - Number(isJoiner(a)));
  const retried: Retried[] = [];
  for (const record of ordered) {
    const was = listedStateOf(record);
    const row = { id: record.id, userName: record.person.userName, was };
    const outcome = retryOutcome(record, clock.now());
    if (outcome !== 'due') {
      retried.push({ ...row, outcome });
      continue;
    }
    const ahead = isJoiner(record) && retried.length < AHEAD;
    const priority = ahead ? PRIORITY.interactive : PRIORITY.backfill;
    const isChanged = await changeRecord(directory, record, (current) =>
      listedStateOf(current) === was && retryOutcome(current, clock.now()) === 'due'
        ? due(current, clock.now(), priority)
        : undefined,
    );
    retried.push({ ...row, outcome: isChanged ? 'due' : 'changed' });
    if (!isChanged) continue;
    const entry = { at: new Date(clock.now()).toISOString(), what: 'retry', source: actor.by };
    const { reason: message } = actor;
    await directory.appendHistory(tenant, record.id, { ...entry, ...compact({ message }) }, HISTORY_DAYS);
  }
  const done = retried.filter(({ outcome }) => outcome === 'due');
  await recordAction(services, tenant, actor, 'retry', {
    count: done.length,
    persons: done.slice(0, NAMED).map(({ id }) => id),
  });
  if (done.length > 0) await services.ring(tenant);
  return retried;
}
