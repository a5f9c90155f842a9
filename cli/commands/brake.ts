import { readBrake } from '../../functions/provision/brake.ts';
import { discardHeldByBrake, releaseHeldByBrake } from '../../functions/provision/held-by-brake.ts';
import type { Services } from '../../functions/provision/services.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../command-context.ts';
import { counted, type Output } from '../output.ts';

const SHOWN = 50;

export const DECISIONS = ['show', 'release', 'discard'] as const;
export type Decision = (typeof DECISIONS)[number];

/** `brake [show|release|discard]`: whom the brake holds back, and a person's decision about them. */
export async function brake(setting: CommandContext, decision: Decision, output: Output): Promise<void> {
  const tenant = chooseTenant(setting, readConfiguration(setting));
  return withTenant(setting, tenant, async ({ services }) => {
    if (decision === 'show') await show(services, tenant.name, output);
    else if (decision === 'release') {
      const count = await releaseHeldByBrake(services, tenant.name);
      output.data({ release: count });
      output.line(
        count === 0
          ? 'Nobody was held.'
          : `${counted(count, 'agent')} will be put out of service within minutes.`,
      );
      output.line('For an hour the brake holds nobody.');
    } else {
      const count = await discardHeldByBrake(services, tenant.name);
      output.data({ discard: count });
      if (count === 0) output.line('Nobody was held.');
      else output.line(`${counted(count, 'agent')} will stay in service until the person changes again.`);
      output.line('The brake is as new.');
    }
  });
}

async function show(services: Services, tenant: string, output: Output): Promise<void> {
  const { engagedAt, releasedUntil = 0 } = await readBrake(services, tenant);
  const { persons, next } = await services.directory.heldPersons(tenant, { limit: SHOWN });
  const held = persons.map(({ id, person, updatedAt }) => ({
    id,
    userName: person.userName,
    since: updatedAt,
  }));
  const isReleased = releasedUntil > services.clock.now();
  output.data({
    engaged: engagedAt !== undefined,
    ...(engagedAt === undefined ? {} : { engagedAt: time(engagedAt) }),
    ...(isReleased ? { releasedUntil: time(releasedUntil) } : {}),
    held,
    more: next !== undefined,
  });
  if (engagedAt !== undefined) {
    output.line(output.paint('red', `The brake holds since ${time(engagedAt)}.`));
  } else if (isReleased) output.line(`The brake is released: it holds nobody until ${time(releasedUntil)}.`);
  else output.line('The brake does not hold.');
  for (const { userName, since } of held) output.line(`  ${userName}, who left at ${since}`);
  if (next !== undefined) output.line(`  … and more than these ${SHOWN}`);
  if (held.length > 0) {
    output.line();
    output.line('They stay in service until somebody decides:');
    output.line('  brake release   puts them out of service');
    output.line('  brake discard   keeps them in service');
  }
}

const time = (at: number) => new Date(at).toISOString();
