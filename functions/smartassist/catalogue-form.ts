import * as z from 'zod/mini';
import { compact } from '../runtime/compact.ts';
import { once } from '../runtime/once.ts';
import type { Part } from './catalogue-parts.ts';

const entrySchema = once(() => z.object({ id: z.string(), name: z.string() }));

/** A tenant's agent groups, skills, queues and roles: names and the ids that SmartAssist knows them by. */
export const catalogueSchema = once(() => {
  const entry = entrySchema();
  const unread = z.optional(z.object({ reason: z.string(), tries: z.number(), nextAt: z.number() }));
  return z.object({
    agentGroups: z.array(z.extend(entry, { isDefault: z.boolean(), isUnassigned: z.boolean() })),
    skills: z.array(z.extend(entry, { group: z.string() })),
    queues: z.array(entry),
    roles: z.array(entry),
    /** Roles of existing agents, for where not all roles can be read; `roles` has them, too. */
    learnedRoles: z.optional(z.array(entry)),
    /** There are more roles than SmartAssist lists. */
    hasMoreRoles: z.optional(z.boolean()),
    /** Parts that can't be read, and why. Their names are those of the last reading, if there was one. */
    unread: z.optional(
      z.object({ agentGroups: unread, skills: unread, queues: unread, roles: unread } satisfies Record<
        Part,
        unknown
      >),
    ),
    /** The organization, as agent groups and queues tell it. */
    orgId: z.optional(z.string()),
    /** Epoch milliseconds of the reading. */
    readAt: z.number(),
  });
});
export type Catalogue = z.output<ReturnType<typeof catalogueSchema>>;

/** An agent as SmartAssist lists it: its role's name (`role`) beside `roleId`. */
export type RoleHolder = Readonly<Record<string, unknown>>;

/** Names and ids of the roles that these agents have, each once. */
export function rolesOf(agents: readonly RoleHolder[]): Catalogue['roles'] {
  const roles = new Map<string, string>();
  for (const { role, roleId } of agents) {
    if (typeof role === 'string' && role !== '' && typeof roleId === 'string' && roleId !== '')
      roles.set(roleId, role);
  }
  return [...roles].map(([id, name]) => ({ id, name }));
}

/** Whether there may be roles that SmartAssist's list doesn't show. */
export function areRolesIncomplete({ unread, hasMoreRoles }: Catalogue): boolean {
  return unread?.roles !== undefined || hasMoreRoles === true;
}

/** The catalogue with roles that agents have. Where SmartAssist lists all roles, its list alone counts. */
export function withLearnedRoles(catalogue: Catalogue, learned: Catalogue['roles']): Catalogue {
  const { learnedRoles = [], ...rest } = catalogue;
  if (!areRolesIncomplete(catalogue)) return rest;
  const all = merged(learnedRoles, learned);
  return {
    ...rest,
    roles: merged(rest.roles, all),
    ...compact({ learnedRoles: all.length > 0 ? all : undefined }),
  };
}

/** Newer names win: a role can be renamed. */
function merged(older: Catalogue['roles'], newer: Catalogue['roles']): Catalogue['roles'] {
  const ids = new Set(newer.map(({ id }) => id));
  return [...older.filter(({ id }) => !ids.has(id)), ...newer];
}
