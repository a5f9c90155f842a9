import type { PersonRecord } from '../directory/record.ts';

/**
 * The life of a record: every change of `state` is made here. Each function takes the record as it is and gives it as it
 * should be written; none does I/O.
 */

/** How long after a failed attempt the next one is due. */
const RETRY_MS = 5_000;

/** The desired payload was applied. */
export function applied(
  record: PersonRecord,
  hash: string,
  agentId: string | undefined,
  now: number,
): PersonRecord {
  const { dueAt: _, lease: __, ...rest } = record;
  return {
    ...rest,
    version: record.version + 1,
    state: 'provisioned',
    agent: {
      ...record.agent,
      ...(agentId === undefined ? {} : { agentId }),
      appliedHash: hash,
      appliedAt: new Date(now).toISOString(),
    },
    attempts: { count: 0, unknown: false },
  };
}

/** An attempt ended without a success that is known of; the record stays due. */
export function postponed(
  record: PersonRecord,
  failure: { readonly code: string; readonly message: string; readonly unknown: boolean },
  now: number,
): PersonRecord {
  const { lease: _, ...rest } = record;
  const at = new Date(now).toISOString();
  return {
    ...rest,
    version: record.version + 1,
    state: 'due',
    dueAt: new Date(now + RETRY_MS).toISOString(),
    attempts: {
      count: record.attempts.count + 1,
      unknown: record.attempts.unknown || failure.unknown,
      lastAt: at,
      lastError: { code: failure.code, message: failure.message, at },
    },
  };
}
