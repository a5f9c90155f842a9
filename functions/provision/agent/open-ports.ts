import type { PersonRecord } from '../../directory/record.ts';
import { customNamesOf } from '../../mapping/custom-fields.ts';
import { initialFieldsOf } from '../../mapping/ownership.ts';
import { compact } from '../../runtime/compact.ts';
import { folded } from '../../scim-core/fold.ts';
import { findByEmail } from '../agent-index.ts';
import { brakeLets } from '../brake/brake.ts';
import { takeSeat } from '../seats/seats.ts';
import type { Services } from '../services.ts';
import type { TenantProvisioning } from '../tenant.ts';
import { addressOf, isOfAnother } from './address.ts';
import { obstacleTo, stoppedBy } from './address-change.ts';
import { mayBeFormer } from './former.ts';
import { areAllHoldersKnown, claimAgent, heldMessage, recordOfHolder } from './holders.ts';
import type { Ports } from './ports.ts';
import { isLookedFor } from './search.ts';
import { openSearch } from './search-progress.ts';
import { keepAddress, makesKeyed } from './sent-address.ts';
import { mayReadWorkforce, noteWorkforceUnusable } from './workforce-scope.ts';

/** The record under this attempt's lease, as the attempt last wrote it: taking an agent writes it. */
export interface Holding {
  record: PersonRecord;
}

/** How soon a seat is asked for again while other functions take theirs. */
const SEAT_MS = 250;

const LOOKED_FOR = 'an agent with this e-mail exists; being looked for';
const NOT_FOUND =
  'emailId: an agent with this e-mail exists, says SmartAssist, and its list of agents shows none that is free';

export function portsOf(provisioning: TenantProvisioning, services: Services, holding: Holding): Ports {
  const { name, tenant, client, account, accountTenants, organization } = provisioning;
  const { directory } = services;
  return {
    client,
    updates: {
      streamId: tenant.smartassist.streamId,
      groups: tenant.lifecycle.agentGroups,
      custom: customNamesOf(tenant),
    },
    isKeyed: () => makesKeyed(provisioning) && holding.record.agent.isKeyed !== false,
    organization: organization.id,
    address: () => addressOf(provisioning, holding.record),
    search: openSearch(directory, services.clock, holding.record),
    workforce: {
      mayRead: () => mayReadWorkforce(services, name),
      noteUnusable: () => noteWorkforceUnusable(services, name),
      names: () => {
        const { firstName = '', lastName = '' } = provisioning.mapping.map(holding.record.person).agent;
        return folded(`${firstName} ${lastName}`);
      },
    },
    initial: initialFieldsOf(tenant),
    strips: tenant.lifecycle.onDeactivate === 'strip' && holding.record.deletedAt === undefined,
    findByEmail: async (email) => (await findByEmail(directory, name, email))?.agentId,
    mayBeFormer: () => mayBeFormer(directory, name),
    isOfAnother: (email) => isOfAnother(provisioning, services, holding.record, email),
    obstacle: async (emailId) => {
      const obstacle = await obstacleTo(provisioning, services, holding.record, emailId);
      return obstacle && stoppedBy(obstacle);
    },
    sends: async (emailId) => {
      const sent = await keepAddress(services, holding.record, emailId, makesKeyed(provisioning));
      if (sent === undefined) return false;
      if (!sent.raced) holding.record = sent.record;
      return true;
    },
    claim: async (agentId) => {
      const claim = await claimAgent(directory, account, holding.record, agentId);
      if (claim.outcome !== 'claimed') return claim.outcome;
      // Over a change by another the outcome is written as after any lost race.
      if (!claim.raced) holding.record = claim.record;
      return 'ours';
    },
    heldByAnother: async (agentId, email) => {
      const holder = await recordOfHolder(directory, account, agentId);
      const isOther = holder !== undefined && (holder.id !== holding.record.id || holder.tenant !== name);
      return isOther ? heldMessage(directory, name, email, holder) : undefined;
    },
    mayAdopt: () => areAllHoldersKnown(directory, account, accountTenants),
    lookFor: async () => {
      const { lookedForSince } = holding.record.attempts;
      const since = lookedForSince ?? new Date(services.clock.now()).toISOString();
      return (await isLookedFor(services, name, lookedForSince))
        ? {
            kind: 'postponed',
            code: 'looked-for',
            message: LOOKED_FOR,
            lookedForSince: since,
            unknown: false,
          }
        : { kind: 'refused', status: 409, message: NOT_FOUND, unknown: false };
    },
    seat: async (found) => {
      const answer = await takeSeat(provisioning, services, holding.record);
      if (answer === 'taken') return undefined;
      if (answer === 'busy') return { kind: 'no-slot', waitMs: SEAT_MS, unknown: false };
      return { kind: 'no-seat', seats: tenant.seats ?? 0, ...compact({ found }) };
    },
    brakeLets: (movement, of) =>
      brakeLets(services, tenant.lifecycle.brake, holding.record, { movement, of }),
  };
}
