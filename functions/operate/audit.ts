import type { HistoryEntry, HistoryPage } from '../directory/history.ts';
import type { Services } from '../provision/services.ts';
import { compact } from '../runtime/compact.ts';

/** Who acts, and why: every change that an operator makes is recorded with both. */
export interface Actor {
  /** As the way in knows the operator: an AWS identity, a console's subject, or a user of this machine. */
  readonly by: string;
  /** Which of these it is; absent in what was recorded before it was told. */
  readonly via?: 'aws' | 'console' | 'machine';
  readonly reason?: string;
}

/** How long operators' actions are kept, in days. */
const AUDIT_DAYS = 400;
/** Stands in the place of a person's id, which is a UUID. */
const AUDIT = 'operators';

/** One operator's action as the audit keeps it: persons by id, no values of theirs. */
export interface AuditEntry extends HistoryEntry {
  readonly action: string;
  readonly by: string;
  readonly via?: Actor['via'];
  readonly reason?: string;
}

/** Records an action, after it is done. */
export async function recordAction(
  { directory, clock, log }: Services,
  tenant: string,
  { by, via, reason }: Actor,
  action: string,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const entry: AuditEntry = {
    at: new Date(clock.now()).toISOString(),
    action,
    by,
    ...compact({ via, reason }),
    ...details,
  };
  await directory.appendHistory(tenant, AUDIT, entry, AUDIT_DAYS);
  log.info('an operator acted', { tenant, action, by });
}

/** A page of operators' actions, the newest first. */
export function listActions(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
  page: { readonly limit: number; readonly after?: string },
): Promise<HistoryPage> {
  return directory.listHistory(tenant, AUDIT, page);
}
