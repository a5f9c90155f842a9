import { actionText, lastAction } from '../../../functions/operate/audit.ts';
import { pauseTenant, pauseText, resumeTenant } from '../../../functions/operate/tenant/pause.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../../command-context.ts';
import { type ActorOptions, actorOf } from '../../operator/actor.ts';
import type { Output } from '../../output.ts';

/** `pause`: stops the calls of a tenant to SmartAssist; the doors go on. */
export async function pause(context: CommandContext, options: ActorOptions, output: Output): Promise<void> {
  const tenant = chooseTenant(context, readConfiguration(context));
  const actor = await actorOf(context, options);
  return withTenant(context, tenant, async ({ services }) => {
    const { pause: holds, isNew } = await pauseTenant(services, tenant.name, actor);
    output.data({ tenant: tenant.name, paused: holds, isNew });
    if (!isNew) {
      output.line(`${tenant.name} is paused already. ${pauseText(holds)}`);
      return;
    }
    output.line(
      `${tenant.name} is paused: within seconds no call goes to SmartAssist any more. What comes in is stored and waits.`,
    );
    output.line('  resume   lets it go on');
  });
}

/** `resume`: lets the calls of a tenant go on. */
export async function resume(context: CommandContext, options: ActorOptions, output: Output): Promise<void> {
  const tenant = chooseTenant(context, readConfiguration(context));
  const actor = await actorOf(context, options);
  return withTenant(context, tenant, async ({ services }) => {
    const ended = await resumeTenant(services, tenant.name, actor);
    output.data({ tenant: tenant.name, ended: ended ?? null });
    if (ended !== undefined) {
      output.line(`${tenant.name} goes on within a minute. It was: ${pauseText(ended)}`);
      return;
    }
    output.line(`${tenant.name} is not paused.`);
    const before = await lastAction(services, tenant.name, ({ action }) => action === 'resume');
    if (before !== undefined) output.line(`  ${actionText(before)}`);
  });
}
