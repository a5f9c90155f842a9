import type { Effect } from '../events/person/effect.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';
import { shortNameOf } from './people/sources.ts';

type Lifecycle = TenantConfiguration['lifecycle'];

/** What accepting does, as administrators read it. */
export function effectText(effect: Effect, lifecycle: Lifecycle): string {
  switch (effect.does) {
    case 'read':
      return 'the person is read from the source again';
    case 'nobody':
      return 'nobody here is known by this: nothing changes';
    case 'nothing':
      return 'nothing changes';
    case 'make':
      return 'a new person, who becomes an agent if provisionWhen says so';
    case 'suspend':
      return `the agent goes out of service (onDeactivate: ${lifecycle.onDeactivate})`;
    case 'delete':
      return `the person is deleted: ${deletionText(effect.undoUntil, lifecycle)}`;
    case 'return':
      return 'the agent comes back into service';
    case 'rename':
      return `userName becomes ${effect.userName}`;
    case 'change':
      return `changes ${effect.attributes.map(shortNameOf).join(', ')}`;
    case 'join':
      return `the person joins ${effect.group}`;
    case 'leave':
      return `the person leaves ${effect.group}`;
    case 'name-group':
      return `the group is called ${effect.group}; rules look at its members again`;
    case 'delete-group':
      return `the group ${effect.group} is deleted; rules look at its members again`;
    case 'fail':
      return `can not be done: ${effect.reason}`;
  }
}

const DELETED: Readonly<Record<Lifecycle['onDelete'], string>> = {
  suspend: 'the agent goes out of service',
  remove: 'the agent is deleted in SmartAssist',
  removeUser: 'the agent and its account user are deleted',
};

function deletionText(undoUntil: string | undefined, { onDelete }: Lifecycle): string {
  const text = `${DELETED[onDelete]} (onDelete: ${onDelete})`;
  return undoUntil === undefined
    ? text
    : `until ${undoUntil} the agent is deleted in SmartAssist if it was never online, as after a connection test (undoWithin); otherwise ${text}`;
}
