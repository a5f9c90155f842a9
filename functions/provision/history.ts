import type { HistoryEntry } from '../directory/history.ts';
import type { PersonRecord } from '../directory/record.ts';
import { reasons } from '../mapping/desired/explain.ts';
import { compact } from '../runtime/compact.ts';
import { correlationId } from '../runtime/correlation.ts';
import type { Plan } from './plan.ts';
import type { Result } from './result.ts';

/** How long the history of a person is kept. */
export const HISTORY_DAYS = 90;

/**
 * One attempt as the history keeps it: who caused it, what came of it, why, and which calls it took. No values of the
 * person, no secret, no raw record: field names, rule names and SmartAssist's words.
 */
export function historyOf(attempt: {
  readonly record: PersonRecord;
  readonly plan: Plan;
  readonly result: Result;
  readonly calls: readonly string[];
  readonly now: number;
}): HistoryEntry {
  const { record, plan, result, calls, now } = attempt;
  const correlation = correlationId();
  return {
    at: new Date(now).toISOString(),
    what: whatOf(result),
    source: record.source,
    personVersion: record.personVersion,
    ...compact({ correlationId: correlation }),
    ...detailsOf(result),
    ...compact({
      reasons:
        plan.kind === 'agent' && result.kind === 'applied' && result.did !== 'unchanged'
          ? reasons(plan.mapped)
          : undefined,
      calls: calls.length === 0 ? undefined : calls,
    }),
  };
}

function whatOf(result: Result): string {
  return result.kind === 'applied' || result.kind === 'suspended' ? result.did : result.kind;
}

function detailsOf(result: Result): Record<string, unknown> {
  switch (result.kind) {
    case 'applied':
      return compact({
        changed: result.changed.length === 0 ? undefined : result.changed,
        message: result.isAddressKept ? 'SmartAssist kept the former e-mail address' : undefined,
      });
    case 'invalid':
      return { problems: result.problems.map(({ message }) => message) };
    case 'refused':
      return { status: result.status, message: result.message };
    case 'no-seat':
      return { message: `all ${result.seats} seats are taken` };
    case 'taken':
      return { message: result.message };
    case 'removed':
      return compact({ message: result.wasGone && 'SmartAssist had no such agent any more' });
    case 'postponed':
      return { code: result.code, message: result.message };
    default:
      return {};
  }
}

/** Stands in the place of a person's id: what was done to agents, of the whole tenant. */
export const AGENT_CHANGES = 'agents';
/** How long changes of agents are kept for audits, in days. */
export const AUDIT_DAYS = 400;

/** A change of an agent as the audit keeps it: by the person's id, no value; undefined where nothing was changed. */
export function changeOf(
  { id, source }: PersonRecord,
  result: Result,
  after: PersonRecord,
  now: number,
): HistoryEntry | undefined {
  const what = whatOf(result);
  const isChange =
    (result.kind === 'removed' && result.wasGone === undefined) ||
    ((result.kind === 'applied' || result.kind === 'suspended') && what !== 'unchanged');
  if (!isChange) return undefined;
  const changed = result.kind === 'applied' && result.changed.length > 0 ? result.changed : undefined;
  return {
    at: new Date(now).toISOString(),
    what,
    person: id,
    source,
    ...compact({ agentId: after.agent.agentId, changed, correlationId: correlationId() }),
  };
}
