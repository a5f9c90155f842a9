import { erasePerson } from '../../../functions/operate/people/erase.ts';
import { selectPerson } from '../../../functions/operate/people/select.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../../command-context.ts';
import { CommandFailure } from '../../failure.ts';
import { type ActorOptions, actorOf } from '../../operator/actor.ts';
import { confirmWord } from '../../operator/confirmation.ts';
import type { Output } from '../../output.ts';

export interface EraseOptions extends ActorOptions {
  readonly now?: true;
  readonly agent?: true;
  readonly yes?: string;
}

/** `erase NAME --now`: erases a person at once, and gives a receipt. Without `--now` it says when it will happen by itself. */
export async function erase(
  context: CommandContext,
  name: string,
  { now, agent = undefined, yes, ...options }: EraseOptions,
  output: Output,
): Promise<void> {
  const tenant = chooseTenant(context, readConfiguration(context));
  return withTenant(context, tenant, async ({ services, provisioning }) => {
    const record = await selectPerson(services, provisioning, name);
    const { userName } = record.person;
    if (now !== true) {
      const { retentionDays } = tenant.configuration.lifecycle;
      const when =
        record.deletedAt === undefined
          ? `once the source deletes the person, ${retentionDays} days later`
          : `from ${record.eraseAt ?? `${retentionDays} days after the agent is out of service`} on`;
      throw new CommandFailure(`${userName} is erased by itself ${when}; --now erases at once`);
    }
    const what =
      agent === true ? 'with the agent in SmartAssist' : 'and leaves the agent in SmartAssist as it is';
    await confirmWord(
      userName,
      `This erases ${userName} with all that is kept, ${what}, and can't be taken back.`,
      yes,
    );
    const actor = await actorOf(context, options);
    const receipt = await erasePerson(provisioning, services, record, { agent: agent === true }, actor);
    output.data(receipt);
    output.line(output.paint('bold', `Erased at ${receipt.erasedAt} by ${receipt.by}: person ${receipt.id}`));
    for (const each of receipt.erased) output.line(`  ✓ ${each}`);
    output.line('What is left:');
    for (const each of receipt.remains) output.line(`  - ${each}`);
    output.line(`Digest: ${receipt.digest}`);
  });
}
