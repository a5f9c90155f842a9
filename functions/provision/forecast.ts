import { isDeepStrictEqual } from 'node:util';
import type { Directory } from '../directory/directory.ts';
import type { Membership } from '../directory/group.ts';
import { everyPage } from '../directory/pages.ts';
import type { ReasonCode } from '../directory/people/listed.ts';
import type { PersonRecord } from '../directory/record.ts';
import type { AgentField, DesiredAgent, Mapped } from '../mapping/desired/desired-agent.ts';
import { datedText } from '../mapping/rules/dates.ts';
import { compact } from '../runtime/compact.ts';
import { callsToReckonWith } from '../smartassist/call-rate.ts';
import type { CallTerms } from '../smartassist/client.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';
import { addressIn, has, holderOfAddress } from './agent/address.ts';
import { heldMessage } from './agent/holders.ts';
import { type BrakeState, engagedAt, mayLeave } from './brake/brake.ts';
import type { Plan, Planner } from './plan.ts';
import { failureOf } from './result.ts';

/** What a configuration would do to one person. */
export type Effect = 'create' | 'change' | 'resume' | 'suspend' | 'remove' | 'fail' | 'wait' | 'untouched';

export interface Foreseen {
  readonly id: string;
  readonly userName: string;
  readonly effect: Effect;
  /** What the brake asks about: the hash of the payload, or `leaving`. */
  readonly of?: string;
  /** For a change: what each field has and what it would have, in names. */
  readonly fields?: Readonly<Record<string, { readonly from: unknown; readonly to: unknown }>>;
  /** Of these the fields that stay as SmartAssist has them (`ownership: initial`). */
  readonly kept?: readonly string[];
  /** For a failure: every reason. */
  readonly problems?: readonly string[];
  /** What of the rules begins or ends for the person, and when. */
  readonly dates?: readonly string[];
  /** What is left out of the agent because it can't be used. */
  readonly warnings?: readonly string[];
  /** Why the person fails or leaves service. */
  readonly reason?: ReasonCode;
  /** The rules by which an agent is made or changed; of a change those alone that give the fields which differ. */
  readonly rules?: readonly string[];
  /** For a failure: the fields that can't be had, and the rules that ask for them. */
  readonly failed?: { readonly fields?: readonly string[]; readonly rules?: readonly string[] };
}

/** See the table in `apply-plan.ts`. */
const CALLS: Readonly<Record<Effect, number>> = {
  create: 1,
  change: 2,
  resume: 2,
  suspend: 2,
  remove: 2,
  fail: 0,
  wait: 0,
  untouched: 0,
};

/** How many calls an effect takes at the most. */
export function callsOf(effect: Effect): number {
  return CALLS[effect];
}

const PAGE = 500;
const NO_DEADLINE: CallTerms = { urgency: 'backfill', deadline: Number.MAX_SAFE_INTEGER };

/**
 * Goes through all persons in the directory and says what provisioning with this planner would do, without doing it.
 *
 * @param before plans with the configuration that is in force, where that is known: changes are then shown by field
 */
export async function* forecast(
  directory: Directory,
  tenant: string,
  planner: Planner,
  before: Planner | undefined,
): AsyncGenerator<Foreseen> {
  for await (const { persons } of everyPage((from) =>
    directory.listPersons(tenant, { limit: PAGE, ...from }),
  )) {
    const ids = persons.map(({ id }) => id);
    const groups = await directory.groupsOfMany(tenant, ids);
    for (const record of persons)
      yield foreseeRecord(directory, planner, before, record, groups.get(record.id));
  }
}

/**
 * What provisioning one person with this planner would do.
 *
 * @param known the person's groups, read after the record; else they are looked up, once for both planners
 */
export async function foreseeRecord(
  directory: Directory,
  planner: Planner,
  before: Planner | undefined,
  record: PersonRecord,
  known?: readonly Membership[],
): Promise<Foreseen> {
  const isGone = record.deletedAt !== undefined;
  const groups = isGone ? [] : (known ?? (await directory.groupsOf(record.tenant, record.id)));
  const plan = await planner.plan(record, NO_DEADLINE, groups);
  const foreseen = await foresee(record, plan, () => before?.mapped(record, NO_DEADLINE, groups));
  return (await takenAddress(directory, planner, record, plan, foreseen)) ?? withOwnership(foreseen, planner);
}

/** An agent that would have the address of another person's can't be made, nor get it. */
async function takenAddress(
  directory: Directory,
  planner: Planner,
  record: PersonRecord,
  plan: Plan,
  { id, userName, effect }: Foreseen,
): Promise<Foreseen | undefined> {
  // Those who are put out of service, or fail, need no address.
  if (plan.kind !== 'agent' || effect === 'untouched') return undefined;
  const tenant = { name: record.tenant, mapping: planner.mapping };
  const address = addressIn(plan.mapped);
  if (has(record, address)) return undefined;
  const holder = await holderOfAddress(tenant, { directory }, record, address);
  if (holder === undefined) return undefined;
  return {
    id,
    userName,
    effect: 'fail',
    problems: [await heldMessage(directory, record.tenant, address, holder)],
    reason: 'uniqueness',
    failed: { fields: ['emailId'] },
  };
}

/** Of what would differ, what stays as SmartAssist has it. */
function withOwnership(foreseen: Foreseen, { initial }: Planner): Foreseen {
  const kept = Object.keys(foreseen.fields ?? {}).filter((field) => initial.includes(field));
  return kept.length === 0 ? foreseen : { ...foreseen, kept };
}

async function foresee(
  record: PersonRecord,
  plan: Plan,
  mappedBefore: () => Promise<Mapped | undefined> | undefined,
): Promise<Foreseen> {
  const who = { id: record.id, userName: record.person.userName };
  const { agent } = record;
  const reason = record.deletedAt === undefined ? outReasonOf(record) : 'deleted';
  switch (plan.kind) {
    case 'agent': {
      const warnings = plan.mapped.warnings?.map(({ message }) => message);
      const dates = plan.mapped.dates?.map(datedText);
      const noted = { ...who, of: plan.hash, ...compact({ dates, warnings }) };
      const { rules = [] } = plan.mapped;
      if (agent.presence === 'suspended') return { ...noted, effect: 'resume', rules };
      if (agent.presence !== 'active') return { ...noted, effect: 'create', rules };
      if (agent.appliedHash === plan.hash) return { ...who, effect: 'untouched' };
      const had = await mappedBefore();
      if (had === undefined) return { ...noted, effect: 'change', fields: {} };
      const fields = fieldChanges(had.agent, plan.mapped.agent);
      return { ...noted, effect: 'change', fields, rules: rulesOf([had, plan.mapped], fields) };
    }
    case 'invalid': {
      const { reason: code, ...failed } = failureOf(plan);
      return { ...who, effect: 'fail', problems: messagesOf(plan), failed, ...compact({ reason: code }) };
    }
    case 'unreadable':
      return { ...who, effect: 'fail', problems: messagesOf(plan), reason: 'names-unreadable' };
    case 'unavailable':
      return {
        ...who,
        effect: 'fail',
        problems: ['the names of SmartAssist are not known'],
        reason: 'names-unreadable',
      };
    case 'suspend':
      return agent.presence === 'suspended'
        ? { ...who, effect: 'untouched' }
        : { ...who, effect: 'suspend', of: 'leaving', reason };
    case 'remove':
    case 'undo':
      return { ...who, effect: 'remove', of: 'leaving', reason };
    case 'nothing':
      return { ...who, effect: 'wait' };
    case 'keep':
      return { ...who, effect: 'untouched' };
  }
}

function outReasonOf({ person }: PersonRecord): ReasonCode {
  return person.active === false ? 'inactive' : 'out-of-scope';
}

function messagesOf({ problems }: Extract<Plan, { kind: 'invalid' | 'unreadable' }>): string[] {
  return problems.map(({ message }) => message);
}

/** The rules that give or take the fields which differ, as they were and as they would be. */
function rulesOf(mapped: readonly Mapped[], fields: NonNullable<Foreseen['fields']>): string[] {
  const origins = mapped.flatMap(({ origins: of }) =>
    (Object.keys(fields) as AgentField[]).flatMap((field) => of[field] ?? []),
  );
  return [...new Set(origins.flatMap((origin) => (origin.from === 'rule' ? [origin.rule] : [])))];
}

function fieldChanges(before: DesiredAgent, after: DesiredAgent): NonNullable<Foreseen['fields']> {
  const [had, has] = [before, after] as unknown as Record<string, unknown>[];
  const names = [...new Set([...Object.keys(had ?? {}), ...Object.keys(has ?? {})])];
  return Object.fromEntries(
    names
      .filter((name) => !isDeepStrictEqual(had?.[name], has?.[name]))
      .map((name) => [name, { from: had?.[name], to: has?.[name] }]),
  );
}

/** What a forecast comes to. */
export interface Outlook {
  readonly persons: number;
  readonly effects: Readonly<Record<Effect, number>>;
  /** Calls at the most, and the minutes that they take when nothing else happens. */
  readonly calls: number;
  readonly minutes: number;
  readonly brake: {
    /** How many would leave service. */
    readonly leaving: number;
    /** How many the brake lets through at once. */
    readonly lets: number;
    readonly engages: boolean;
    /** Whether it holds already. */
    readonly engaged: boolean;
  };
  /** Where the tenant has a limit: how many are in service, and how many would wait for a seat. */
  readonly seats?: { readonly of: number; readonly inService: number; readonly waiting: number };
}

/** Adds one person's effect to the counts. */
export function count(effects: Record<Effect, number>, { effect }: Foreseen): void {
  effects[effect] += 1;
}

export const noEffects = (): Record<Effect, number> => ({
  create: 0,
  change: 0,
  resume: 0,
  suspend: 0,
  remove: 0,
  fail: 0,
  wait: 0,
  untouched: 0,
});

export function outlookOf(
  effects: Record<Effect, number>,
  tenant: TenantConfiguration,
  activeAgents: number,
  brake: BrakeState,
  now: number,
): Outlook {
  const names = Object.keys(effects) as Effect[];
  const calls = names.reduce((sum, effect) => sum + effects[effect] * CALLS[effect], 0);
  const leaving = effects.suspend + effects.remove;
  const lets = mayLeave(tenant.lifecycle.brake, brake, now, activeAgents);
  return {
    persons: names.reduce((sum, effect) => sum + effects[effect], 0),
    effects,
    calls,
    minutes: Math.ceil(calls / callsToReckonWith(tenant.smartassist.callsPerMinute)),
    brake: { leaving, lets, engages: leaving > lets, engaged: engagedAt(brake) !== undefined },
    ...compact({ seats: seatsAfter(effects, tenant.seats, activeAgents) }),
  };
}

function seatsAfter(
  { create, resume, suspend, remove }: Record<Effect, number>,
  of: number | undefined,
  inService: number,
): Outlook['seats'] {
  if (of === undefined) return undefined;
  // Nobody is put out of service for a lower limit.
  const free = Math.max(0, of - (inService - suspend - remove));
  return { of, inService, waiting: Math.max(0, create + resume - free) };
}
