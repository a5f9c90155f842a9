import type { Approval } from '../../provision/brake/approvals.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { compact } from '../../runtime/compact.ts';
import type { Configuration } from '../../tenant/configuration.ts';
import type { GenerationEntry } from '../../tenant/generation/store.ts';
import type { Actor } from '../audit.ts';
import { OperateError } from '../errors.ts';
import { type Draft, readDraft, type StoredDraft } from './draft.ts';
import { activatedText, readGenerations } from './generations.ts';
import { personsOf, planAgain } from './plan-draft.ts';
import { pushConfiguration } from './push.ts';
import { compare, mayDiffer, tenantDigest } from './saved-plan.ts';

/** People change all the time: an older plan says too little of what activating does now. */
const PLAN_MS = 60 * 60_000;

export interface ActivationChoice {
  /** What the plan names passes the brake. */
  readonly passesBrake: boolean;
}

/**
 * Activates a mapping that was planned, as `push --plan` does: exactly that configuration, after exactly the generation
 * that was active, and as long as what it does to those whom the plan names is still the same.
 *
 * @throws OperateError where any of this is not so; nothing was activated then
 */
export async function activateDraft(
  services: Services,
  owner: Pick<TenantProvisioning, 'name' | 'catalogue'>,
  id: string,
  { passesBrake }: ActivationChoice,
  actor: Actor,
): Promise<{ readonly entry: GenerationEntry; readonly approved: number }> {
  const { directory, clock } = services;
  const { name } = owner;
  const { stored, draft } = await readDraft(directory, name, id);
  if (!stored.isDone) throw new OperateError('invalid', 'The plan is not made to its end yet.');
  if (clock.now() - Date.parse(stored.at) > PLAN_MS) {
    throw new OperateError(
      'changed',
      'The plan is older than an hour; nothing was activated. Check and plan again.',
    );
  }
  const { after, before } = await readGenerations(directory);
  if (after === undefined || before === undefined || after.entry.number !== stored.after) {
    const now = after === undefined ? 'none is active' : activatedText(after.entry);
    throw new OperateError(
      'changed',
      `It was planned after generation ${stored.after}; meanwhile ${now}. Nothing was activated; look at what it holds, and plan again.`,
    );
  }
  const configuration: Configuration = { tenants: { ...before.tenants, [name]: draft.tenant } };
  if (tenantDigest(name, draft.tenant) !== stored.configuration) {
    throw new Error(`the draft ${id} is damaged`);
  }
  const approvals = await approvalsOf(services, owner, draft, stored);
  const given = passesBrake && approvals.length > 0 ? new Map([[name, approvals]]) : undefined;
  const activated = await pushConfiguration(services, {
    configuration,
    after,
    before,
    actor,
    isDeployment: false,
    ...compact({ approvals: given, restores: stored.restores }),
  });
  if (activated.outcome === 'activated') {
    return { entry: activated.entry, approved: given === undefined ? 0 : approvals.length };
  }
  throw new OperateError('changed', `Nothing was activated: ${activatedText(activated.entry)}.`);
}

/** @throws OperateError where too many of those whom the plan names would be changed in another way by now */
async function approvalsOf(
  services: Services,
  owner: Pick<TenantProvisioning, 'name' | 'catalogue'>,
  draft: Draft,
  stored: StoredDraft,
): Promise<readonly Approval[]> {
  const persons = personsOf(stored);
  if (persons === undefined) return [];
  const { different, approvals } = compare(persons, await planAgain(services, owner, draft, persons));
  const most = mayDiffer(persons);
  if (different.length <= most) return approvals;
  const some = different
    .slice(0, 5)
    .map(({ userName, planned, now }) => `${userName}: planned ${planned}, now ${now}`);
  throw new OperateError(
    'changed',
    `${different.length} people would be changed in another way than was planned, and ${most} may; nothing was activated. Plan again. ${some.join('; ')}`,
  );
}
