import { expectByOperator } from '../../functions/operate/sources.ts';
import { sourceNamed } from '../../functions/tenant/look-up.ts';
import {
  type CommandContext,
  chooseTenant,
  readConfiguration,
  withTenantInForce,
} from '../command-context.ts';
import { CommandFailure } from '../failure.ts';
import { type ActorOptions, actorOf } from '../operator/actor.ts';
import type { Output } from '../output.ts';
import { assertInForce } from './sources.ts';

/** Presets whose provider hands over a secret of its own choice, unproven. */
const HANDS_OVER: readonly string[] = ['gusto'];
const LONGEST_MINUTES = 60;

export interface ExpectOptions extends ActorOptions {
  readonly minutes: string;
}

/** `sources expect <name>`: for some minutes the first secret that is handed over is kept, for `sources <name> --reveal`. */
export async function expectHandOver(
  context: CommandContext,
  name: string,
  options: ExpectOptions,
  output: Output,
): Promise<undefined> {
  const named = chooseTenant(context, readConfiguration(context));
  const { minutes } = options;
  const count = Number(minutes);
  if (!Number.isInteger(count) || count < 1 || count > LONGEST_MINUTES) {
    throw new CommandFailure(`--minutes is ${minutes}; use a whole number from 1 to ${LONGEST_MINUTES}`);
  }
  return withTenantInForce(context, named, async ({ services, provisioning }, tenant) => {
    assertInForce(context, named, tenant, name);
    const preset = sourceNamed(tenant.configuration, name)?.preset;
    if (preset === undefined || !HANDS_OVER.includes(preset)) {
      throw new CommandFailure(`${name} (${preset}) hands over no secret; ${HANDS_OVER.join(', ')} does`);
    }
    const actor = await actorOf(context, options);
    const until = services.clock.now() + count * 60_000;
    await expectByOperator(services, provisioning, name, until, actor);
    const at = new Date(until).toISOString();
    output.data({ expects: name, until: at });
    output.line(
      `The first secret that is handed over to ${name} until ${at} is kept; from 10 seconds from now on.`,
    );
    output.line(`  sources ${name} --reveal   shows it`);
    return undefined;
  });
}
