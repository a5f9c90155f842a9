import type { Catalogue } from '../../functions/smartassist/catalogue.ts';

/** Names of a tenant; skills as `Group/Skill`. */
export interface Names {
  readonly agentGroups: readonly string[];
  readonly skills: readonly string[];
  readonly queues: readonly string[];
  readonly roles?: readonly string[];
}

/** A catalogue whose ids can be read: `sk-billing-refunds`, so that a golden payload can be checked by eye. */
export function catalogueOf({
  agentGroups,
  skills,
  queues,
  roles = ['Agent', 'Supervisor'],
}: Names): Catalogue {
  const entry = (prefix: string) => (name: string) => ({ id: idOf(prefix, name), name });
  return {
    agentGroups: agentGroups
      .map(entry('ag'))
      .map((group) => ({ ...group, isDefault: false, isUnassigned: false })),
    skills: skills.map((skill) => {
      const [group = '', name = ''] = skill.split('/');
      return { id: idOf('sk', skill), name, group };
    }),
    queues: queues.map(entry('qu')),
    roles: roles.map(entry('role')),
    readAt: 0,
  };
}

function idOf(prefix: string, name: string): string {
  return `${prefix}-${name.toLowerCase().replace(/[^a-z0-9]+/g, '-')}`;
}
