import type { HistoryEntry, HistoryPage } from '../directory/history.ts';
import { everyPage } from '../directory/pages.ts';
import { AGENT_CHANGES, AUDIT_DAYS } from '../provision/history.ts';
import type { Services } from '../provision/services.ts';
import { compact } from '../runtime/compact.ts';
import { oneLine } from '../runtime/printable.ts';
import { ACTED, noteUnlogged } from './unlogged.ts';

/** Who acts, and why: every change that an operator makes is recorded with both. */
export interface Actor {
  /** As the way in knows the operator: an AWS identity, a console's subject, or a user of this machine. */
  readonly by: string;
  /** Which of these it is; absent in what was recorded before it was told. */
  readonly via?: 'aws' | 'console' | 'machine';
  readonly reason?: string;
}

/** Stands in the place of a person's id, which is a UUID. */
const AUDIT = 'operators';

/** One operator's action as the audit keeps it: persons by id, no values of theirs. */
export interface AuditEntry extends HistoryEntry {
  readonly action: string;
  readonly by: string;
  readonly via?: Actor['via'];
  readonly reason?: string;
}

/** Records an action, after it is done; into the log as well, at once or by the schedule. */
export async function recordAction(
  services: Pick<Services, 'directory' | 'clock' | 'log' | 'randomId'>,
  tenant: string,
  { by, via, reason }: Actor,
  action: string,
  details: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { directory, clock, log } = services;
  const entry: AuditEntry = {
    at: new Date(clock.now()).toISOString(),
    action,
    by,
    ...compact({ via, reason }),
    ...details,
  };
  await directory.appendHistory(tenant, AUDIT, entry, AUDIT_DAYS);
  // The console's own function has a log that is shipped; commands run elsewhere.
  if (via === 'console') log.info(ACTED, { tenant, action, by });
  else await noteUnlogged(services, tenant, { id: services.randomId(), at: entry.at, action, by });
}

/** A page of operators' actions, the newest first. */
export function listActions(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
  page: { readonly limit: number; readonly after?: string },
): Promise<HistoryPage> {
  return directory.listHistory(tenant, AUDIT, page);
}

/** How far back it is looked for what another operator has just done. */
const LATEST = 200;

/** The last of the newest actions that a condition holds for: what another operator was faster with. */
export async function lastAction(
  services: Pick<Services, 'directory'>,
  tenant: string,
  isMeant: (entry: AuditEntry) => boolean,
): Promise<AuditEntry | undefined> {
  const { entries } = await listActions(services, tenant, { limit: LATEST });
  return entries.filter(isAction).find(isMeant);
}

function isAction(entry: HistoryEntry): entry is AuditEntry {
  return typeof entry.action === 'string' && typeof entry.by === 'string';
}

/** What an operator did, for another one: `grace did brake release at …: they left`. */
export function actionText({ at, action, by, reason }: AuditEntry): string {
  return oneLine(`${by} did ${action} at ${at}${reason === undefined ? '' : `: ${reason}`}`);
}

/** One line of the audit: an operator's action, or a change of an agent. */
export type AuditLine =
  | { readonly kind: 'action'; readonly entry: HistoryEntry }
  | { readonly kind: 'agent'; readonly entry: HistoryEntry };

const PAGE = 200;

/**
 * Operators' actions and changes of agents since a time, the newest first.
 *
 * @param since ISO 8601
 */
export async function* readAudit(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
  since: string,
): AsyncGenerator<AuditLine> {
  const actions = entriesSince(directory, tenant, AUDIT, since);
  const changes = entriesSince(directory, tenant, AGENT_CHANGES, since);
  let [action, change] = await Promise.all([actions.next(), changes.next()]);
  while (action.done !== true || change.done !== true) {
    if (change.done === true || (action.done !== true && action.value.at >= change.value.at)) {
      if (action.done === true) return;
      yield { kind: 'action', entry: action.value };
      action = await actions.next();
    } else {
      yield { kind: 'agent', entry: change.value };
      change = await changes.next();
    }
  }
}

async function* entriesSince(
  directory: Services['directory'],
  tenant: string,
  of: string,
  since: string,
): AsyncGenerator<HistoryEntry, undefined> {
  const pages = everyPage((from) => directory.listHistory(tenant, of, { limit: PAGE, ...from }));
  for await (const { entries } of pages) {
    for (const entry of entries) {
      if (entry.at < since) return undefined;
      yield entry;
    }
  }
  return undefined;
}
