import type { PersonRecord } from '../../directory/record.ts';
import { callsOf, type Effect, foreseeRecord } from '../../provision/forecast.ts';
import { openPlanner } from '../../provision/plan.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { fixedCatalogue } from '../../smartassist/catalogue.ts';

/** What `provisionNow` would do with a person. */
export interface ForeseenNow {
  /** `held`: the brake has to be decided about. `unknown`: it takes a call to find out. */
  readonly effect: Effect | 'held' | 'unknown';
  /** Calls to SmartAssist at the most. */
  readonly calls: number;
  /** Why there can be no agent. */
  readonly problems: readonly string[];
}

/** A look-up, and what an update takes. */
const MOST_CALLS = 3;

/** Foresees what provisioning a person now comes to, without a call. */
export async function foreseeNow(
  { tenant, mapping, catalogue }: Pick<TenantProvisioning, 'tenant' | 'mapping' | 'catalogue'>,
  { directory, clock }: Pick<Services, 'directory' | 'clock'>,
  record: PersonRecord,
): Promise<ForeseenNow> {
  if (record.held !== undefined) return { effect: 'held', calls: 0, problems: [] };
  const known = await catalogue.known();
  if (known === undefined || record.attempts.unknown) {
    return { effect: 'unknown', calls: MOST_CALLS, problems: [] };
  }
  const names = fixedCatalogue(known);
  const planner = openPlanner({ tenant, mapping, catalogue: names, directory, now: () => clock.now() });
  const { effect, problems = [] } = await foreseeRecord(directory, planner, undefined, record);
  return { effect, calls: callsOf(effect), problems };
}
