import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import { demoTenant } from '../mapping/demo.ts';
import { callRateOf, type EmailChanges, emailChangesOf } from './account.ts';
import { type Neighbour, neighbourOf } from './beside/neighbour.ts';
import type { Dice } from './dice.ts';
import { NO_RELEASES, type Releases, releasesOf } from './releases/releases.ts';
import { type Outage, outagesOf } from './services/outages.ts';
import { type SourceVariety, sourcesOf } from './sources/variety.ts';
import { CALM, stormOf, type Weather } from './weather.ts';

/** A window that nothing fills. */
const OPEN = { percent: 100, atLeast: 100_000, within: 3_600 };
export const WITHOUT_BRAKE = { ...OPEN, long: OPEN, changes: OPEN };

const EMPLOYEE_NUMBER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber';

/** What kind of world a seed is: everything that is chosen once. */
export interface Variety {
  readonly persons: number;
  readonly tenant: TenantConfiguration;
  readonly weather: Weather;
  readonly emailChanges: EmailChanges;
  /** Undocumented sides of SmartAssist. */
  readonly behaviour: BehaviourInput;
  readonly table: 'memory' | 'sqlite';
  readonly isOneMachine: boolean;
  /** How likely a request of the identity provider goes out twice. */
  readonly repeats: number;
  readonly rotations: number;
  readonly deployments: number;
  /** How often others use up SmartAssist's limit. */
  readonly crowds: number;
  /** How often an administrator changes an agent in SmartAssist itself. */
  readonly handEdits: number;
  /** Agents that were there before. */
  readonly strangers: number;
  readonly reconciliations: number;
  /** How likely a new person comes from a file. */
  readonly imports: number;
  /** The tenant's rules from some time of the day on. */
  readonly remapped: TenantConfiguration | undefined;
  readonly disaster: boolean;
  readonly releases: Releases;
  /** Another tenant on the same account. */
  readonly neighbour: Neighbour | undefined;
  readonly outages: readonly Outage[];
  /** The most that a page of the directory holds; undefined: as many as are asked for. */
  readonly pageSize: number | undefined;
  /** The index of due records is behind the table. */
  readonly indexLags: boolean;
  /** A day on which fewer leave and are changed than the shipped brake lets. */
  readonly isUsual: boolean;
  /** The world goes on after its first day. */
  readonly months: { readonly days: number } | undefined;
  /** Sources of the same people beside SCIM. */
  readonly sources: SourceVariety | undefined;
}

let demo: TenantConfiguration | undefined;

export function varietyOf(dice: Dice): Variety {
  demo ??= demoTenant();
  const disaster = dice.chance(0.1);
  const storm = stormOf(dice);
  const isCalm = dice.fork('calm').chance(0.15);
  const weather = isCalm ? CALM : disaster ? { ...storm, appliedLate: 0 } : storm;
  // What is applied late undoes a newer change, and only a repairing reconciliation finds it.
  const isAppliedLate = weather.appliedLate > 0;
  const isEmailUnique = dice.chance(0.5);
  const emailChanges = emailChangesOf(dice.fork('e-mail changes'));
  const customId = dice.pick(['generated', 'generated', 'none', EMPLOYEE_NUMBER]);
  const sources = disaster ? undefined : sourcesOf(dice.fork('sources'));
  const tenant: TenantConfiguration = {
    ...demo,
    ...sources?.tenant,
    agent: { ...demo.agent, customId: { from: customId } },
    smartassist: {
      ...demo.smartassist,
      host: 'https://smartassist.example',
      profile: dice.pick(['smartassist', 'ai-for-service'] as const),
      callsPerMinute: callRateOf(dice.fork('call rate'), dice.whole(50, 60)),
    },
    lifecycle: {
      ...demo.lifecycle,
      onDelete: dice.pick(['suspend', 'remove'] as const),
      drift: dice.pick(isAppliedLate ? (['repair', 'repair'] as const) : (['report', 'repair'] as const)),
      brake: disaster ? demo.lifecycle.brake : WITHOUT_BRAKE,
    },
  };
  return {
    persons: dice.pick([20, 60, 100, 100, 150]),
    weather,
    tenant,
    emailChanges,
    behaviour: {
      emailChange: emailChanges.emailChange,
      returnsAgentId: dice.chance(0.3),
      recordsCarryAgentGroupId: dice.chance(0.3),
      customIdAnswer: dice.pick(['array', 'object', 'ids'] as const),
      jti: dice.pick(['optional', 'required', 'single-use'] as const),
      throttled: dice.pick([{}, { status: 403, retryAfter: 5 }, { status: 200 }, { retryAfter: 20 }]),
      duplicateEmail: { isRefused: isEmailUnique },
      absentInUpdate: dice.pick(['emptied', 'kept'] as const),
      unlistedFields: dice.pick(['refused', 'ignored', 'taken'] as const),
      decidingGroup: dice.pick(['agentGroups', 'agentGroupId'] as const),
      recordEntries: dice.pick(['as-updated', 'as-listed'] as const),
      listFacts: dice.pick(['true', 'contradicting', 'missing'] as const),
      optOut: { survives: dice.pick(['sent', 'always'] as const) },
    },
    table: dice.chance(0.04) ? 'sqlite' : 'memory',
    isOneMachine: dice.chance(0.25),
    repeats: dice.chance(0.5) ? 0 : dice.next() * 0.3,
    rotations: isCalm ? 0 : dice.whole(0, 2),
    deployments: isCalm ? 0 : dice.whole(0, 3),
    crowds: dice.whole(0, 2),
    // It would take from an agent what was written by hand meanwhile.
    handEdits: dice.whole(0, 8) * (isAppliedLate ? 0 : 1),
    // Where an address can be taken twice, nothing could tell that an agent from before is a person's.
    strangers: isEmailUnique ? dice.whole(0, 8) : 0,
    reconciliations: dice.whole(0, 2),
    imports: dice.chance(0.5) ? 0 : dice.next(),
    remapped: dice.chance(0.2) ? remapped(tenant) : undefined,
    disaster,
    // With shipped settings the brake would hold what other rules change.
    neighbour: disaster ? undefined : neighbourOf(dice.fork('neighbour')),
    outages: isCalm ? [] : outagesOf(dice.fork('outages')),
    pageSize: dice.chance(0.3) ? dice.whole(3, 7) : undefined,
    indexLags: dice.chance(0.5),
    releases: disaster ? NO_RELEASES : releasesOf(dice.fork('releases')),
    sources,
    isUsual: false,
    months: undefined,
  };
}

/** Other rules: Sales gets a group. */
function remapped(tenant: TenantConfiguration): TenantConfiguration {
  const sales = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "Sales"';
  return {
    ...tenant,
    rules: [...tenant.rules, { name: 'sales', when: sales, set: { agentGroup: 'Sales' } }],
  };
}
