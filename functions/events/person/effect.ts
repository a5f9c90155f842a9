import type { PersonRecord } from '../../directory/record.ts';
import { hasAgent } from '../../provision/agent/presence.ts';
import { undoUntil } from '../../provision/agent/undo.ts';
import type { Services } from '../../provision/services.ts';
import { timestamp } from '../../runtime/clock.ts';
import { ScimInputError } from '../../scim-core/error.ts';
import { sameValue } from '../../scim-core/resource/resource.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import { authorityOf } from '../authority.ts';
import { type AuthenticatedEvent, isLeaver } from '../event.ts';
import { changeOfGroup } from '../memberships.ts';
import type { PendingBody } from '../pending.ts';
import { findSubject } from '../subject.ts';
import { nextOf } from './next.ts';
import { valuesOf } from './values.ts';
import { wouldLeave } from './wanted.ts';

/** What an event that waits would do, if it were accepted now. */
export type Effect =
  | { readonly does: 'read' }
  | { readonly does: 'nobody' }
  | { readonly does: 'nothing' }
  | { readonly does: 'make' }
  | { readonly does: 'suspend' }
  /** `undoUntil` (ISO 8601): until then the agent is deleted as that of a connection test, unless it was ever online. */
  | { readonly does: 'delete'; readonly undoUntil?: string }
  | { readonly does: 'return' }
  | { readonly does: 'rename'; readonly userName: string }
  | { readonly does: 'change'; readonly attributes: readonly string[] }
  | { readonly does: 'join' | 'leave'; readonly group: string }
  /** The group itself: what it is called then, or that it is gone. */
  | { readonly does: 'name-group' | 'delete-group'; readonly group: string }
  | { readonly does: 'fail'; readonly reason: string };

/** Foresees what accepting does to the person and the agent. Nothing is written. */
export async function effectsOf(
  services: Services,
  tenant: string,
  configuration: TenantConfiguration,
  { do: work, event, also = [] }: PendingBody,
): Promise<Effect[]> {
  if (work === 'fetch' && !isLeaver(event)) return [{ does: 'read' }];
  const effects: Effect[] = [];
  for (const each of [event, ...also]) {
    effects.push(...(await effectsOfEvent(services, tenant, configuration, each)));
  }
  const [first] = effects;
  const telling = effects.filter(({ does }) => does !== 'nothing');
  return telling.length > 0 || first === undefined ? telling : [first];
}

async function effectsOfEvent(
  services: Services,
  tenant: string,
  configuration: TenantConfiguration,
  event: AuthenticatedEvent,
): Promise<Effect[]> {
  if (event.isOfGroup === true) {
    const group = event.group?.display ?? event.group?.id ?? '';
    return [{ does: event.kind === 'remove' ? 'delete-group' : 'name-group', group }];
  }
  const found = await findSubject(services, tenant, event, undefined);
  if (found.is === 'nobody') {
    const isKnownOnly = event.group !== undefined || event.operations !== undefined || isLeaver(event);
    return [{ does: isKnownOnly ? 'nobody' : 'make' }];
  }
  const { record } = found;
  const { group } = event;
  if (group !== undefined) {
    const becoming = await changeOfGroup(services, tenant, event, group);
    const effect = {
      does: event.kind === 'unassign' ? 'leave' : 'join',
      group: group.display ?? group.id,
    } as const;
    const leaves = await wouldLeave(services, tenant, configuration, record, becoming);
    return leaves ? [effect, { does: 'suspend' }] : [effect];
  }
  try {
    return await effectsOnPerson(services, tenant, configuration, event, record);
  } catch (error) {
    if (error instanceof ScimInputError) return [{ does: 'fail', reason: error.message }];
    throw error;
  }
}

/** Where deleting suspends, an agent that was made a moment ago is deleted all the same. */
function deletionOf(
  { clock }: Services,
  { lifecycle }: TenantConfiguration,
  { agent }: PersonRecord,
): Effect {
  if (!hasAgent({ agent }) || lifecycle.onDelete !== 'suspend') return { does: 'delete' };
  const until = undoUntil(agent, lifecycle);
  return until > clock.now() ? { does: 'delete', undoUntil: timestamp(until) } : { does: 'delete' };
}

async function effectsOnPerson(
  services: Services,
  tenant: string,
  configuration: TenantConfiguration,
  event: AuthenticatedEvent,
  record: PersonRecord,
): Promise<Effect[]> {
  const signed = { ...event, trust: 'signed' as const };
  const { person, service, saysNew } = nextOf(record, signed, authorityOf(configuration));
  if (!saysNew) return [{ does: 'nothing' }];
  const { isDeleted } = service;
  const wasDeleted = record.deletedAt !== undefined;
  if (isDeleted && !wasDeleted) return [deletionOf(services, configuration, record)];
  const isOut = isDeleted || person.active === false;
  const wasOut = wasDeleted || record.person.active === false;
  const effects: Effect[] = [];
  if (isOut && !wasOut) effects.push({ does: 'suspend' });
  else if (wasOut && !isOut) effects.push({ does: 'return' });
  else if (await wouldLeave(services, tenant, configuration, record, { person, isDeleted })) {
    effects.push({ does: 'suspend' });
  }
  if (person.userName !== record.person.userName) {
    effects.push({ does: 'rename', userName: person.userName });
  }
  const [before, after] = [valuesOf(record.person), valuesOf(person)];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const attributes = [...names].filter((name) => !sameValue(before[name], after[name]));
  if (attributes.length > 0) effects.push({ does: 'change', attributes });
  return effects.length > 0 ? effects : [{ does: 'nothing' }];
}
