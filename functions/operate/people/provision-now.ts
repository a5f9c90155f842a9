import type { PersonRecord } from '../../directory/record.ts';
import { type Explanation, explain } from '../../mapping/desired/explain.ts';
import { attempt, LEASE_MARGIN_MS } from '../../provision/attempt.ts';
import { isLeased, leased } from '../../provision/lifecycle.ts';
import { type Plan, withGroups } from '../../provision/plan.ts';
import type { Result } from '../../provision/result.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { type Actor, recordAction } from '../audit.ts';
import { OperateError } from '../errors.ts';
import { assertCallsGoOn } from '../tenant/pause.ts';
import { type PersonRow, rowOf } from './row.ts';

/** What happens to one person, step by step as it does. */
export type Step =
  | { readonly step: 'found'; readonly person: PersonRow }
  | { readonly step: 'scope'; readonly wanted: boolean }
  | {
      readonly step: 'mapped';
      readonly plan: Plan['kind'];
      readonly fields: readonly Explanation[];
      readonly problems: readonly string[];
    }
  | { readonly step: 'call'; readonly call: string }
  | { readonly step: 'outcome'; readonly result: Result['kind']; readonly person: PersonRow };

const PATIENCE_MS = 60_000;

/**
 * Provisions one person now, and tells each step. The attempt is the one that the drain makes, under the same lease.
 *
 * @throws OperateError while the tenant is paused, or while another attempt at the person is made
 */
export async function provisionNow(
  provisioning: TenantProvisioning,
  services: Services,
  record: PersonRecord,
  actor: Actor,
  onStep: (step: Step) => void,
): Promise<PersonRecord> {
  const { directory, clock } = services;
  const { name, planner, mapping } = provisioning;
  onStep({ step: 'found', person: rowOf(record) });
  await assertCallsGoOn(services, name, 'the person stays as it is; provision again after resume');
  if (isLeased(record, clock.now())) {
    throw new OperateError(
      'changed',
      'another attempt at this person is being made at this moment; try again',
    );
  }
  const groups = await directory.groupsOf(name, record.id);
  const person = withGroups(record.person, groups);
  onStep({ step: 'scope', wanted: record.deletedAt === undefined && mapping.wants(person) });
  const deadline = clock.now() + PATIENCE_MS;
  const plan = await planner.plan(record, { urgency: 'interactive', deadline }, groups);
  onStep({
    step: 'mapped',
    plan: plan.kind,
    fields: plan.kind === 'agent' ? explain(plan.mapped) : [],
    problems: 'problems' in plan ? plan.problems.map(({ message }) => message) : [],
  });
  const held = leased(record, services.randomId(), deadline + LEASE_MARGIN_MS);
  if (!(await directory.updatePerson(record, held)).ok) {
    throw new OperateError('changed', 'the person was changed meanwhile; look again');
  }
  const attempted = await attempt(provisioning, services, held, plan, {
    urgency: 'interactive',
    deadline,
    onCall: (call) => onStep({ step: 'call', call }),
  });
  onStep({ step: 'outcome', result: attempted.result.kind, person: rowOf(attempted.record) });
  await recordAction(services, name, actor, 'provision', {
    persons: [record.id],
    result: attempted.result.kind,
  });
  return attempted.record;
}
