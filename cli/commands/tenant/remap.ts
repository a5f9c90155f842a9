import { type AuditEntry, actionText, lastAction } from '../../../functions/operate/audit.ts';
import { whenDone } from '../../../functions/operate/tenant/pause.ts';
import { remapEverybody } from '../../../functions/operate/tenant/remap.ts';
import { compact } from '../../../functions/runtime/compact.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../../command-context.ts';
import { type ActorOptions, actorOf } from '../../operator/actor.ts';
import { counted, type Output } from '../../output.ts';
import { plan } from '../plan.ts';

export interface RemapOptions extends ActorOptions {
  readonly dryRun?: true;
}

/** A second operator learns of what another one has just asked for. */
const LATELY_MS = 60 * 60_000;
const isLatest =
  (now: number) =>
  ({ action, at }: AuditEntry) =>
    action === 'remap' && now - Date.parse(at) < LATELY_MS;

/** `remap`: has everybody evaluated again; with `--dry-run` shows what that would do, as `plan` does. */
export async function remap(
  context: CommandContext,
  { dryRun, ...options }: RemapOptions,
  output: Output,
): Promise<number | undefined> {
  if (dryRun === true) return (await plan(context, {}, output)) ?? undefined;
  const tenant = chooseTenant(context, readConfiguration(context));
  const actor = await actorOf(context, options);
  return withTenant(context, tenant, async ({ services, directory, paused }) => {
    const persons = await directory.countPersons(tenant.name);
    const before = await lastAction(services, tenant.name, isLatest(services.clock.now()));
    await remapEverybody(services, tenant.name, actor);
    output.row({ persons, ...compact({ paused }) });
    if (before !== undefined) output.line(`Lately: ${actionText(before)}`);
    output.line(
      `${counted(persons, 'person')} will be evaluated again, ${whenDone(paused, 'from the next minute on')}`,
    );
    output.line('No call goes to SmartAssist for who comes out as before. plan shows what is left.');
    return undefined;
  });
}
