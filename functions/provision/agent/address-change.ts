import type { PersonRecord } from '../../directory/record.ts';
import type { Services } from '../services.ts';
import type { TenantProvisioning } from '../tenant.ts';
import { addressOf, firstInLine, has, holderOfAddress, isBefore, isWanted, wasSent } from './address.ts';
import { heldMessage } from './holders.ts';
import type { Stopped } from './ports.ts';
import { hasAgent } from './presence.ts';
import { readProbe } from './probe-record.ts';

type Tenant = Pick<TenantProvisioning, 'name' | 'mapping' | 'account'>;
type Needs = Pick<Services, 'directory'>;

/** What stands in the way of the address that a person's agent is to have. */
export type Obstacle =
  /** Another person has it. */
  | { readonly kind: 'held'; readonly message: string }
  /** Its holder is about to get another one, or it isn't known yet whether it has one. */
  | { readonly kind: 'awaited'; readonly message: string }
  /** Two or more persons exchange addresses, and this one makes way for the others by an address in between. */
  | { readonly kind: 'exchanged'; readonly interim: string };

/** More persons don't exchange addresses in a ring. */
const LONGEST_RING = 20;
const AWAITED = 'emailId: the address is that of an agent that is about to get another one';
const BEING_MADE = 'emailId: an agent with this address is being made for another person';

/** @param address as the plan has it */
export async function obstacleTo(
  tenant: Tenant,
  services: Needs,
  record: PersonRecord,
  address: string,
): Promise<Obstacle | undefined> {
  if (has(record, address)) return undefined;
  const holder = await holderOfAddress(tenant, services, record, address);
  if (holder === undefined) return undefined;
  const { directory } = services;
  // The other attempt ends before this person's next one. The one of two such persons who was there later is refused.
  if (isBeingMade(holder) && isBefore(record, holder)) return { kind: 'awaited', message: BEING_MADE };
  const held = (ring?: 'ring') => heldMessage(directory, tenant.name, address, holder, ring);
  if (!(await isMoving(tenant, services, holder))) return { kind: 'held', message: await held() };
  const ring = await ringOf(tenant, services, record, holder);
  if (ring === undefined) return { kind: 'awaited', message: AWAITED };
  // Only where SmartAssist is known to take changes of addresses: else one agent would be left with the one in between.
  if ((await readProbe(directory, tenant.account))?.emailChange !== 'taken') {
    return { kind: 'held', message: await held('ring') };
  }
  if (await isOvertaken(tenant, services, [record, ...ring])) return { kind: 'held', message: await held() };
  const [first] = [record, ...ring].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return first?.id === record.id
    ? { kind: 'exchanged', interim: interimAddress(record) }
    : { kind: 'awaited', message: AWAITED };
}

/** What an obstacle comes to where nothing is done about it now. An exchange is begun by the next attempt. */
export function stoppedBy(obstacle: Obstacle): Stopped {
  if (obstacle.kind === 'held') return { kind: 'taken', message: obstacle.message };
  const message = obstacle.kind === 'awaited' ? obstacle.message : AWAITED;
  return { kind: 'postponed', code: 'address-awaited', message, unknown: false };
}

/** Whether the person has no agent that is known, and an attempt to make one is under way. */
function isBeingMade(record: PersonRecord): boolean {
  return !hasAgent(record) && !record.attempts.unknown && record.lease !== undefined;
}

/** Whether a person's agent, or what may be there of one, is about to get another address than it has. */
async function isMoving(tenant: Tenant, services: Needs, record: PersonRecord): Promise<boolean> {
  const address = addressOf(tenant, record);
  return (
    (hasAgent(record) || record.attempts.unknown) &&
    record.state === 'due' &&
    !has(record, address) &&
    !wasSent(record, address) &&
    (await isWanted(tenant, services, record))
  );
}

/** The persons who wait for each other's address, from the holder of the record's to the one who waits for the record's own. */
async function ringOf(
  tenant: Tenant,
  services: Needs,
  record: PersonRecord,
  holder: PersonRecord,
): Promise<PersonRecord[] | undefined> {
  const ring: PersonRecord[] = [];
  let current: PersonRecord | undefined = holder;
  while (current !== undefined && ring.length < LONGEST_RING) {
    ring.push(current);
    const next = await holderOfAddress(tenant, services, current, addressOf(tenant, current));
    if (next?.id === record.id) return ring;
    current = next !== undefined && (await isMoving(tenant, services, next)) ? next : undefined;
  }
  return undefined;
}

/**
 * Whether a person outside a ring goes before one of it, who would not get the address that is made free: an agent would be
 * left with the one in between.
 */
async function isOvertaken(tenant: Tenant, services: Needs, ring: readonly PersonRecord[]): Promise<boolean> {
  const first = ring.map((record) => firstInLine(tenant, services, record, addressOf(tenant, record)));
  return (await Promise.all(first)).some((other) => other !== undefined);
}

/** An address of the same mailbox (RFC 5233), by what is unique about the agent. */
function interimAddress({ agent: { emailId = '', customId } }: PersonRecord): string {
  const at = emailId.lastIndexOf('@');
  return `${emailId.slice(0, at)}+${customId}${emailId.slice(at)}`;
}
