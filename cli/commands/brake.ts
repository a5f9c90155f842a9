import { readBrake } from '../../functions/provision/brake.ts';
import { discardHeld, releaseHeld } from '../../functions/provision/held.ts';
import type { Output } from '../output.ts';
import {
  chooseTenant,
  openProvisioning,
  openSettingDirectory,
  readConfiguration,
  type Setting,
} from '../setting.ts';

const SHOWN = 50;

/** `brake [show|release|discard]`: whom the brake holds back, and a person's decision about them. */
export async function brake(
  setting: Setting,
  action: 'show' | 'release' | 'discard',
  output: Output,
): Promise<void> {
  const tenant = chooseTenant(setting, readConfiguration(setting));
  const { directory, close } = await openSettingDirectory(setting);
  try {
    const { world } = await openProvisioning(setting, tenant, directory);
    if (action === 'show') {
      const state = await readBrake(world, tenant.name);
      const { persons, next } = await directory.heldPersons(tenant.name, { limit: SHOWN });
      const held = persons.map(({ id, person, updatedAt }) => ({
        id,
        userName: person.userName,
        since: updatedAt,
      }));
      output.data({ engaged: state.engagedAt !== undefined, held, more: next !== undefined });
      if (state.engagedAt === undefined) output.line('The brake does not hold.');
      else output.line(`The brake holds since ${new Date(state.engagedAt).toISOString()}.`);
      for (const { userName, since } of held) output.line(`  ${userName} since ${since}`);
      if (next !== undefined) output.line(`  … and more than these ${SHOWN}`);
      return;
    }
    const count =
      action === 'release' ? await releaseHeld(world, tenant.name) : await discardHeld(world, tenant.name);
    output.data({ [action]: count });
    output.line(
      action === 'release'
        ? `${count} agents will be put out of service; for an hour the brake holds nobody.`
        : `${count} agents stay in service until their persons change again.`,
    );
  } finally {
    close();
  }
}
