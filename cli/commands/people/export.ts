import { exportPerson } from '../../../functions/operate/people/export.ts';
import { selectPerson } from '../../../functions/operate/people/select.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../../command-context.ts';
import { type ActorOptions, actorOf } from '../../operator/actor.ts';
import { type Output, openOutput } from '../../output.ts';

/** `export NAME`: everything that is kept about one person, as JSON whether `--json` is said or not. */
export async function exportOne(
  context: CommandContext,
  name: string,
  options: ActorOptions,
  _output: Output,
): Promise<void> {
  const tenant = chooseTenant(context, readConfiguration(context));
  return withTenant(context, tenant, async ({ services, provisioning }) => {
    const record = await selectPerson(services, provisioning, name);
    const actor = await actorOf(context, options);
    openOutput(true).data(await exportPerson(services, record, actor));
  });
}
