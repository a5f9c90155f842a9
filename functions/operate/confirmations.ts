import { createHash } from 'node:crypto';
import type { PendingEvent } from '../directory/pending-events.ts';
import type { Applied } from '../events/applied.ts';
import { confirmPending, dismissPending, listAwaitingConfirmation } from '../events/confirm.ts';
import { pendingBodyOf } from '../events/pending.ts';
import { type Effect, effectsOf } from '../events/person/effect.ts';
import { findSubject } from '../events/subject.ts';
import type { Services } from '../provision/services.ts';
import { compact } from '../runtime/compact.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';
import { type Actor, type AuditEntry, lastAction, recordAction } from './audit.ts';

/** What a source said and only an operator may let happen. */
export interface Confirmation {
  readonly id: string;
  /** Stands for the id in commands and in the audit: short, and without what a shell would take for itself. */
  readonly key: string;
  readonly source: string;
  readonly type: string;
  /** The person or group, as far as the source or the directory names it. */
  readonly about: string;
  /** The person in the directory. */
  readonly personId?: string;
  /** ISO 8601 */
  readonly since: string;
  readonly why: string;
  /** What accepting does; `effectText` has the sentences. */
  readonly effects: readonly Effect[];
}

export interface ConfirmationPage {
  readonly confirmations: readonly Confirmation[];
  readonly next?: string;
}

const UNSIGNED = 'the source does not sign what it sends, and has no fetch';
/** Those named in the audit; a longer list is told by its number. */
const NAMED = 100;

/** A page of what waits for an operator, with what accepting each would do now. */
export async function listConfirmations(
  services: Services,
  tenant: string,
  configuration: TenantConfiguration,
  page: { readonly limit: number; readonly after?: string },
): Promise<ConfirmationPage> {
  const { events, next } = await listAwaitingConfirmation(services, tenant, page);
  const confirmations = await Promise.all(
    events.map((pending) => confirmationOf(services, tenant, configuration, pending)),
  );
  return { confirmations, ...compact({ next }) };
}

/** What waits, with what accepting it would do now. */
export async function confirmationOf(
  services: Services,
  tenant: string,
  configuration: TenantConfiguration,
  pending: PendingEvent,
): Promise<Confirmation> {
  const body = pendingBodyOf(pending);
  const { event, since, lastError, why } = body;
  const { id, userName, email } = event.subject;
  const found = await findSubject(services, tenant, event, undefined);
  const record = found.is === 'nobody' ? undefined : found.record;
  return {
    id: pending.id,
    key: keyOf(pending.id),
    source: event.source,
    type: event.type,
    about:
      record?.person.userName ?? userName ?? email ?? id ?? event.group?.display ?? event.group?.id ?? '',
    ...compact({ personId: record?.id }),
    since,
    why: lastError ?? why ?? UNSIGNED,
    effects: await effectsOf(services, tenant, configuration, body),
  };
}

/** What became of one that was accepted; `gone`: it no longer waits. */
export interface Accepted {
  readonly id: string;
  readonly outcome: Applied['outcome'] | 'gone';
  readonly reason?: string;
}

/** Does what the events say; what can't be done goes on waiting. */
export async function acceptConfirmations(
  services: Services,
  tenant: string,
  configuration: TenantConfiguration,
  ids: readonly string[],
  actor: Actor,
): Promise<Accepted[]> {
  const accepted: Accepted[] = [];
  const persons: string[] = [];
  for (const id of ids) {
    const applied = await confirmPending(services, tenant, id, configuration);
    if (applied?.outcome === 'stored') persons.push(applied.record.id);
    const reason = applied?.outcome === 'invalid' ? applied.reason : undefined;
    accepted.push({ id, outcome: applied?.outcome ?? 'gone', ...compact({ reason }) });
  }
  const count = accepted.filter(({ outcome }) => outcome !== 'gone' && outcome !== 'invalid').length;
  const keys = accepted.flatMap(({ id, outcome }) => (outcome === 'gone' ? [] : [keyOf(id)]));
  const details = { count, persons: persons.slice(0, NAMED), keys: keys.slice(0, NAMED) };
  await recordAction(services, tenant, actor, 'confirm accept', details);
  return accepted;
}

/** Lets go of the events: nothing changes. The answer is how many there were. */
export async function discardConfirmations(
  services: Services,
  tenant: string,
  ids: readonly string[],
  actor: Actor,
): Promise<number> {
  const keys: string[] = [];
  for (const id of ids) if (await dismissPending(services, tenant, id)) keys.push(keyOf(id));
  const count = keys.length;
  await recordAction(services, tenant, actor, 'confirm discard', { count, keys: keys.slice(0, NAMED) });
  return count;
}

/** The decision about what waited under a key, where it is one of the last. */
export function decisionAbout(
  services: Pick<Services, 'directory'>,
  tenant: string,
  key: string,
): Promise<AuditEntry | undefined> {
  return lastAction(
    services,
    tenant,
    ({ action, keys }) => action.startsWith('confirm ') && Array.isArray(keys) && keys.includes(key),
  );
}

/** What stands for the id of a pending event in commands and in the audit. */
export function keyOf(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 8);
}
