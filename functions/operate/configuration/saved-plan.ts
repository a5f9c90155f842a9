import * as z from 'zod/mini';
import type { Approval } from '../../provision/brake/approvals.ts';
import type { Foreseen } from '../../provision/forecast.ts';
import { compact } from '../../runtime/compact.ts';
import { once } from '../../runtime/once.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import { contentDigest } from '../../tenant/generation/content.ts';

/** A plan as `plan --save` writes it: what one tenant's configuration would do to whom, and against what it was made. */
export const savedPlanSchema = once(() =>
  z.object({
    form: z.literal(1),
    tenant: z.string(),
    /** SHA-256 of the tenant's configuration that was planned. */
    configuration: z.string(),
    /** The generation that was active; 0 while there was none. */
    after: z.number(),
    /** ISO 8601. */
    at: z.string(),
    /** Each person who would be changed, by id. */
    persons: z.record(
      z.string(),
      z.object({ userName: z.string(), effect: z.string(), of: z.optional(z.string()) }),
    ),
  }),
);
export type SavedPlan = z.output<ReturnType<typeof savedPlanSchema>>;
export type PlannedPerson = SavedPlan['persons'][string];

/** What a plan is for: the same configuration has the same digest. */
export function tenantDigest(tenant: string, configuration: TenantConfiguration): string {
  return contentDigest({ tenants: { [tenant]: configuration } });
}

/** Whom nothing happens to is in no plan. */
export function plannedPerson({ userName, effect, of }: Foreseen): PlannedPerson | undefined {
  return effect === 'untouched' || effect === 'wait' ? undefined : { userName, effect, ...compact({ of }) };
}

/** How a plan that was saved stands beside one that was made now. */
export interface Comparison {
  /** Who would be changed in another way than was planned, or was not planned, or is planned no longer. */
  readonly different: readonly {
    readonly userName: string;
    readonly planned: string;
    readonly now: string;
  }[];
  /** What is as it was planned and the brake asks about. */
  readonly approvals: readonly Approval[];
}

export function compare(saved: SavedPlan['persons'], now: SavedPlan['persons']): Comparison {
  const different: Comparison['different'][number][] = [];
  const approvals: Approval[] = [];
  for (const id of new Set([...Object.keys(saved), ...Object.keys(now)])) {
    const [planned, found] = [saved[id], now[id]];
    const userName = (found ?? planned)?.userName ?? id;
    if (planned?.effect !== found?.effect || planned?.of !== found?.of) {
      const same = planned?.effect === found?.effect ? ' (other values)' : '';
      different.push({
        userName,
        planned: planned?.effect ?? 'nothing',
        now: `${found?.effect ?? 'nothing'}${same}`,
      });
    } else if (found?.of !== undefined && found.effect !== 'create') approvals.push({ id, of: found.of });
  }
  return { different, approvals };
}

/** How many may differ without another look: a joiner or two, where thousands are planned. */
export function mayDiffer(saved: SavedPlan['persons']): number {
  return Math.max(3, Math.floor(Object.keys(saved).length / 100));
}
