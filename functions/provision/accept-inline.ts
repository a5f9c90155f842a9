import type { Membership } from '../directory/group.ts';
import type { PersonRecord } from '../directory/record.ts';
import type { MappingProblem } from '../mapping/desired/desired-agent.ts';
import { compact } from '../runtime/compact.ts';
import type { CatalogueStore } from '../smartassist/catalogue.ts';
import type { Configuration, TenantConfiguration } from '../tenant/configuration.ts';
import { type Accepted, announce, type IncomingPerson, nextRecord, store } from './accept.ts';
import { addressOf, holderOfAddress, mayBeMade, wasSent } from './agent/address.ts';
import { heldMessage } from './agent/holders.ts';
import { hasAgent } from './agent/presence.ts';
import { beforeAttempt } from './agent/sent-address.ts';
import { withoutCalls } from './apply-plan.ts';
import { attempt, countFailed, LEASE_MARGIN_MS } from './attempt.ts';
import { noteOlderGeneration } from './drain/mapping-seen.ts';
import { readPause } from './drain/pause.ts';
import { changesAtOf, keepTimer } from './drain/timers.ts';
import { afterAttempt, isLeased, isMappedByNewer, leased } from './lifecycle.ts';
import type { Plan } from './plan.ts';
import type { Services } from './services.ts';
import { openTenant, type TenantProvisioning } from './tenant.ts';

export type { IncomingPerson } from './accept.ts';

export type AcceptedInline =
  | Accepted
  /** Not stored: the person can't become an agent. */
  | { readonly outcome: 'invalid'; readonly problems: readonly MappingProblem[] }
  /** Not stored (any more): SmartAssist refuses the agent. */
  | { readonly outcome: 'refused'; readonly status: number; readonly message: string }
  /** Not stored (any more): another person has what this one is to have. */
  | { readonly outcome: 'taken'; readonly message: string };

/** Who is new is in no group yet. */
const NO_GROUPS: readonly Membership[] = [];
/** Placeholder holder: this lease is never stored. */
const NOBODY = '-';

/** A tenant's provisioning as a front door needs it whose caller waits. */
export interface InlineProvisioning {
  readonly catalogue: CatalogueStore;
  /** `services` are the caller's: what comes in a batch rings once. */
  accept(services: Services, incoming: IncomingPerson): Promise<AcceptedInline>;
}

/** As `openTenant`. */
export function openInline(
  name: string,
  tenant: TenantConfiguration,
  services: Services,
  all: Configuration['tenants'],
): InlineProvisioning {
  const provisioning = openTenant(name, tenant, services, all);
  return {
    catalogue: provisioning.catalogue,
    accept: (given, incoming) => acceptInline(provisioning, given, incoming),
  };
}

/**
 * The one way in for every source: stores the person under one conditional write and, where the caller waits, tries once
 * to provision. What the mapping or SmartAssist refuses isn't stored when the caller waits for the answer; everything else
 * that goes wrong leaves the record due, and the drain goes on with it.
 */
export async function acceptInline(
  provisioning: TenantProvisioning,
  services: Services,
  incoming: IncomingPerson,
): Promise<AcceptedInline> {
  const { clock } = services;
  const draft = nextRecord(provisioning.name, services, incoming);
  const { inline } = incoming;
  const { generation } = provisioning;
  // One attempt per record: the holder of the lease sees the change when it writes its outcome.
  const groups = incoming.before === undefined ? NO_GROUPS : incoming.groups;
  const isNothing = groups !== undefined && provisioning.planner.isNothing(draft, groups);
  // What is done without a call needs no look at whether calls are stopped.
  const isPaused =
    inline !== undefined &&
    !isNothing &&
    (await readPause(services.directory, provisioning.name)) !== undefined;
  if (inline === undefined || isPaused || isLeased(draft, clock.now()))
    return announce(await store(services, incoming.before, draft), services);
  if (isMappedByNewer(draft, generation)) {
    // The next request is served with the newer one.
    await generation?.isOutdated('anew');
    return announce(await store(services, incoming.before, draft), services);
  }
  await noteOlderGeneration(provisioning, services);

  const plan: Plan = isNothing ? { kind: 'nothing' } : await provisioning.planner.plan(draft, inline, groups);
  if (plan.kind === 'invalid') return { outcome: 'invalid', problems: plan.problems };
  const taken = isNothing ? undefined : await takenAddress(provisioning, services, incoming, draft);
  if (taken !== undefined) return { outcome: 'taken', message: taken };
  const until = Math.max(inline.deadline, clock.now()) + LEASE_MARGIN_MS;
  const leasedTo = (holder: string) =>
    leased(beforeAttempt(provisioning, draft, plan), holder, until, generation);
  const asLeased = leasedTo(NOBODY);
  const idle = withoutCalls(asLeased, plan);
  if (idle !== undefined) {
    const { lifecycle } = provisioning.tenant;
    const { account } = provisioning;
    const terms = {
      now: clock.now(),
      random: services.random,
      retentionDays: lifecycle.retentionDays,
      account,
      changesAt: changesAtOf(plan),
    };
    await keepTimer(services, draft, plan);
    // Nothing to do is known at once, so person and outcome are one write.
    const resting = { ...afterAttempt(asLeased, idle, terms), version: draft.version };
    return announce(await store(services, incoming.before, resting), services);
  }
  if (plan.kind !== 'unavailable' && (await provisioning.budget.waitMs(inline.urgency)) > 0) {
    return announce(await store(services, incoming.before, draft), services);
  }
  // Lease and person are one write, so it counts as one.
  const stored = await store(services, incoming.before, {
    ...leasedTo(services.randomId()),
    version: draft.version,
  });
  if (stored.outcome !== 'stored') return stored;
  const { result, record } = await attempt(provisioning, services, stored.record, plan, inline);
  // What another caller has stored meanwhile was accepted, and stays.
  const isOurs = record.personVersion === stored.record.personVersion;
  const isRefused = (result.kind === 'refused' || result.kind === 'taken') && plan.kind === 'agent';
  if (isRefused && isOurs && (await rollBack(services, incoming.before, record))) {
    const { message } = result;
    return result.kind === 'taken'
      ? { outcome: 'taken', message }
      : { outcome: 'refused', status: result.status, message };
  }
  countFailed(services, record, result);
  return announce({ outcome: 'stored', record }, services);
}

/** Why a person who arrives can't have an address, if it is that of another person of the tenant: costs no call. */
async function takenAddress(
  provisioning: TenantProvisioning,
  { directory }: Services,
  { before }: IncomingPerson,
  draft: PersonRecord,
): Promise<string | undefined> {
  if (draft.deletedAt !== undefined || !provisioning.mapping.wants(draft.person)) return undefined;
  const address = addressOf(provisioning, draft);
  const isKept = before !== undefined && hasAgent(before) && addressOf(provisioning, before) === address;
  if (isKept || mayBeMade(draft, address)) return undefined;
  const holder = await holderOfAddress(provisioning, { directory }, draft, address);
  if (holder === undefined) return undefined;
  const waitsForOurs = hasAgent(draft) && wasSent(draft, addressOf(provisioning, holder));
  return heldMessage(directory, provisioning.name, address, holder, waitsForOurs ? 'ring' : 'held');
}

/** Takes a refused person out again, or puts back what stood there; false when it was changed meanwhile. */
async function rollBack(
  services: Services,
  before: PersonRecord | undefined,
  refused: PersonRecord,
): Promise<boolean> {
  const { directory } = services;
  if (before === undefined) return (await directory.erasePerson(refused)).ok;
  const { lease: _, ...rest } = before;
  // The person is put back, and what the attempt found out about the agent stays.
  const attempts = { ...before.attempts, unknown: refused.attempts.unknown };
  const { agent, generation } = refused;
  const restored = { ...rest, ...compact({ generation }), agent, attempts, version: refused.version + 1 };
  return (await directory.updatePerson(refused, restored)).ok;
}
