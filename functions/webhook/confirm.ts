import type { TaskPage } from '../directory/tasks.ts';
import type { World } from '../provision/provisioner.ts';
import { type Applied, applyEvent } from './apply.ts';
import { bodyOf } from './tasks.ts';

/** What waits for a person's hand: leavers of sources that sign nothing, and persons who can't be read. */
export function listHeld(
  { directory }: World,
  tenant: string,
  page: { limit: number; after?: string },
): Promise<TaskPage> {
  return directory.heldTasks(tenant, page);
}

/**
 * Does what waits because somebody says that it is right: a hand is as good as a signature.
 *
 * @returns undefined when nothing waits under this id (any more)
 */
export async function confirmHeld(world: World, tenant: string, id: string): Promise<Applied | undefined> {
  const task = await world.directory.readTask(tenant, id);
  if (task === undefined || task.dueAt !== undefined) return undefined;
  const { event } = bodyOf(task);
  const applied = await applyEvent({ world, tenant, canFetch: false }, { ...event, trust: 'signed' });
  await world.directory.eraseTask(task);
  return applied;
}

/** Lets go of what waits; false when nothing did. */
export async function dismissHeld({ directory }: World, tenant: string, id: string): Promise<boolean> {
  const task = await directory.readTask(tenant, id);
  return task !== undefined && task.dueAt === undefined && directory.eraseTask(task);
}
