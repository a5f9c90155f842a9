import type { Actor } from '../../../functions/operate/audit.ts';
import {
  activatedText,
  type Generations,
  readGenerations,
} from '../../../functions/operate/configuration/generations.ts';
import { infrastructureChanges } from '../../../functions/operate/configuration/infrastructure.ts';
import { pushConfiguration } from '../../../functions/operate/configuration/push.ts';
import {
  compare,
  mayDiffer,
  type SavedPlan,
  savedPlanSchema,
  tenantDigest,
} from '../../../functions/operate/configuration/saved-plan.ts';
import type { Approval } from '../../../functions/provision/brake/approvals.ts';
import type { Services } from '../../../functions/provision/services.ts';
import { compact } from '../../../functions/runtime/compact.ts';
import type { Configuration } from '../../../functions/tenant/configuration.ts';
import type { Activated } from '../../../functions/tenant/generation/store.ts';
import {
  type CommandContext,
  openCommandDirectory,
  parseJson,
  readConfiguration,
  readText,
  type Tenant,
} from '../../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../../failure.ts';
import type { NameSource } from '../../names.ts';
import { type ActorOptions, actorOf } from '../../operator/actor.ts';
import { counted, type Output } from '../../output.ts';
import { assertFormer, chooseDropped, type Dropping, dropHold, sayUndropped } from './former-sources.ts';
import type { LookedAhead } from './look-ahead.ts';
import { complainOf, type OpenedDirectory, openServicesFor, review, tenantsChanged } from './review.ts';

export interface PushOptions extends NameSource, ActorOptions {
  /** Plans that were saved: exactly these are activated, and pass the brake. */
  readonly plan?: readonly string[];
  /** How many persons may differ from a plan. */
  readonly differences?: string;
  /** Sources that are no longer configured and whose hold on people is dropped; nobody is asked then. */
  readonly drop?: readonly string[];
  /** The stack was deployed with this configuration. */
  readonly deployed?: true;
}

/**
 * `push`: makes the configuration the active generation, after it was checked and planned. Nothing is written when it
 * doesn't check, needs a deployment, isn't what was planned, or when another was activated meanwhile.
 *
 * @returns the exit code: 1 when nothing was activated
 */
export async function push(context: CommandContext, options: PushOptions, output: Output): Promise<number> {
  const configuration = readConfiguration(context);
  const plans = (options.plan ?? []).map(readPlan);
  const actor = await actorOf(context, options);
  const opened = await openCommandDirectory(context);
  try {
    return await pushInto(context, opened, { configuration, plans, actor }, options, output);
  } finally {
    opened.close();
  }
}

interface Wanted {
  readonly configuration: Configuration;
  readonly plans: readonly SavedPlan[];
  readonly actor: Actor;
}

async function pushInto(
  context: CommandContext,
  opened: OpenedDirectory,
  { configuration, plans, actor }: Wanted,
  options: PushOptions,
  output: Output,
): Promise<number> {
  const isDeployment = options.deployed === true;
  const generations = await readGenerations(opened.directory, isDeployment);
  const changed = isDeployment ? [] : infrastructureChanges(generations, configuration);
  if (complainOf(changed, output)) return refused(output, changed);
  const tenants = tenantsChanged(generations.before, configuration);
  if (plans.length > 0) assertPlanned(plans, tenants, generations);
  for (const source of options.drop ?? []) for (const tenant of tenants) assertFormer(tenant, source);
  if (tenants.length === 0) sayUndropped(options.drop, 'no tenant changes', output);
  const approvals = new Map<string, readonly Approval[]>();
  const dropping: Dropping[] = [];
  for (const tenant of tenants) {
    const { ahead, problems } = await review(context, opened, tenant, options, output);
    if (problems.length > 0) return refused(output, problems);
    dropping.push(...(await chooseDropped(tenant, ahead, options.drop, output)));
    const saved = plans.find((plan) => plan.tenant === tenant.name);
    if (saved !== undefined) approvals.set(tenant.name, approvedOf(saved, ahead, options, output));
    else if (ahead?.outlook.brake.engages) {
      output.line(
        'plan --save FILE, and push --plan FILE, let exactly the persons of a plan pass the brake.',
      );
    }
  }
  const services = await openServicesFor(context, configuration, opened);
  const { after, before } = generations;
  const push = { configuration, after, before, actor, isDeployment, approvals };
  const activated = await pushConfiguration(services, push);
  return saidAndDropped(services, activated, dropping, actor, output);
}

/** The end of a command that activates a generation: what was chosen to be dropped is, once it is active. */
export async function saidAndDropped(
  services: Services,
  activated: Activated,
  dropping: readonly Dropping[],
  actor: Actor,
  output: Output,
): Promise<number> {
  if (activated.outcome !== 'activated') return said(activated, output);
  const dropped = [];
  for (const each of dropping) dropped.push(await dropHold(services, each, actor, output));
  return said(activated, output, dropped);
}

/** The last word of a command that activates a generation. */
export function said(
  { outcome, entry }: Activated,
  output: Output,
  dropped: readonly { readonly dropped: string }[] = [],
): number {
  const { number, by, at } = entry;
  const more = compact({ dropped: dropped.length === 0 ? undefined : dropped });
  output.row({ outcome, generation: number, by, at, ...more });
  switch (outcome) {
    case 'activated':
      output.line(output.paint('green', `Generation ${number} is active.`));
      output.line('Functions work with it within 30 seconds.');
      return 0;
    case 'unchanged':
      output.line(`Generation ${number} is active already, and holds the same; nothing was written.`);
      return 0;
    case 'lost':
      output.line(output.paint('red', `Nothing was activated: ${activatedText(entry)}.`));
      output.line('Look at what it holds, and push again.');
      return EXIT_FINDINGS;
  }
}

/** The last word where nothing is activated; the reasons have been said. */
export function refused(output: Output, problems: readonly { readonly message: string }[]): number {
  output.row({ outcome: 'refused', problems });
  output.line(output.paint('red', `${counted(problems.length, 'problem')}; nothing was activated.`));
  return EXIT_FINDINGS;
}

function readPlan(file: string): SavedPlan {
  const parsed = savedPlanSchema().safeParse(parseJson(readText(file), file));
  if (parsed.success) return parsed.data;
  const [{ path = [], message = '' } = {}] = parsed.error.issues;
  throw new CommandFailure(`${file} is no plan as plan --save writes it: ${[...path, message].join(': ')}`);
}

/** @throws CommandFailure where the plans are not of what is pushed, or not of all of it */
function assertPlanned(
  plans: readonly SavedPlan[],
  tenants: readonly Tenant[],
  { after }: Generations,
): void {
  for (const plan of plans) {
    const tenant = tenants.find(({ name }) => name === plan.tenant);
    if (tenant === undefined) throw new CommandFailure(`tenant ${plan.tenant} is planned and doesn't change`);
    if (tenantDigest(tenant.name, tenant.configuration) !== plan.configuration) {
      throw new CommandFailure(
        `tenant ${plan.tenant} is configured in another way than was planned; plan again`,
      );
    }
    if (plan.after !== (after?.entry.number ?? 0)) {
      const now = after === undefined ? 'none' : activatedText(after.entry);
      throw new CommandFailure(`it was planned after generation ${plan.after}; meanwhile ${now}. Plan again`);
    }
  }
  const missing = tenants.filter(({ name }) => !plans.some(({ tenant }) => tenant === name));
  if (missing.length === 0) return;
  const names = missing.map(({ name }) => name).join(', ');
  throw new CommandFailure(`${names} would change as well and is in no plan; give one plan a tenant`);
}

/** @throws CommandFailure where too many differ from the plan */
function approvedOf(
  saved: SavedPlan,
  ahead: LookedAhead | undefined,
  { differences }: PushOptions,
  output: Output,
): readonly Approval[] {
  if (ahead === undefined) throw new CommandFailure('nothing can be planned now, so nothing can be compared');
  const { different, approvals } = compare(saved.persons, ahead.persons);
  for (const { userName, planned, now } of different.slice(0, 20)) {
    output.line(`  ${userName}: planned ${planned}, now ${now}`);
  }
  const most = differences === undefined ? mayDiffer(saved.persons) : Number(differences);
  if (!(different.length <= most)) {
    throw new CommandFailure(
      `${counted(different.length, 'person')} would be changed in another way than was planned; ${most} may. Plan again`,
    );
  }
  output.line(`${counted(approvals.length, 'person')} as planned: what the plan names passes the brake.`);
  return approvals;
}
