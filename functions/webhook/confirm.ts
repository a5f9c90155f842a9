import type { TaskPage } from '../directory/tasks.ts';
import type { World } from '../provision/provisioner.ts';
import { type Applied, applyEvent } from './apply.ts';
import { isLeaver } from './event.ts';
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
 * Does what waits because somebody says that it is right: a hand is as good as a signature. Whom nobody could read is
 * read again, unless the event itself says that they are gone. What can't be done goes on waiting.
 *
 * @returns undefined when nothing waits under this id (any more)
 */
export async function confirmHeld(world: World, tenant: string, id: string): Promise<Applied | undefined> {
  const { directory, clock } = world;
  const task = await directory.readTask(tenant, id);
  if (task === undefined || task.dueAt !== undefined) return undefined;
  const body = bodyOf(task);
  if (body.do === 'fetch' && !isLeaver(body.event)) {
    const again = { dueAt: new Date(clock.now()).toISOString(), body: { ...body, attempts: 0 } };
    if (!(await directory.postponeTask(task, again))) return undefined;
    await world.ring(tenant).catch(() => undefined);
    return { outcome: 'fetching' };
  }
  const applied = await applyEvent({ world, tenant, canFetch: false }, { ...body.event, trust: 'signed' });
  if (applied.outcome !== 'invalid') await directory.eraseTask(task);
  return applied;
}

/** Lets go of what waits; false when nothing did. */
export async function dismissHeld({ directory }: World, tenant: string, id: string): Promise<boolean> {
  const task = await directory.readTask(tenant, id);
  return task !== undefined && task.dueAt === undefined && directory.eraseTask(task);
}
