import { readFileSync } from 'node:fs';
import { namesInTenant } from '../../functions/mapping/payload/check-names.ts';
import type { NameKind } from '../../functions/mapping/payload/names.ts';
import { type Catalogue, catalogueSchema } from '../../functions/smartassist/catalogue.ts';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import { type CatalogueSeed, catalogueOf, hex24 } from './catalogue.ts';

/** What `--catalogue` is told for the names that the configuration speaks of. */
export const OF_CONFIGURATION = 'configuration';

const UNASSIGNED = 'Unassigned';
const DEFAULT_SKILL_GROUP = 'Default SkillGroup';
/** The shapes of ids: a rule may name a thing by its id, too. */
const ID = /^(?:(?:ag|qu)-[0-9a-f-]{16,}|[0-9a-f]{24})$/i;

/**
 * The names that the simulator is to have, so that a mapping can be tried on one machine.
 *
 * @param choice a file as `check --live --save` writes it, or `configuration`
 * @throws Error with one line about a file that can't be read or is something else
 */
export function chosenCatalogue(choice: string, configuration: Configuration): CatalogueSeed {
  return withRoleIds(
    choice === OF_CONFIGURATION ? seedOfConfiguration(configuration) : seedOf(readSaved(choice)),
    configuration,
  );
}

function readSaved(file: string): Catalogue {
  const wrong = `--catalogue: ${file} is not what check --live --save writes`;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(
      `--catalogue: ${file} can not be read (${code}); a file or the word configuration is right`,
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error(`${wrong}: it is no JSON`);
  }
  const parsed = catalogueSchema().safeParse(value);
  if (parsed.success) return parsed.data;
  throw new Error(`${wrong}: ${parsed.error.issues[0]?.path.join('.')}`);
}

/** Names and ids as they were read from the account. */
function seedOf({ agentGroups, skills, queues, roles }: Catalogue): CatalogueSeed {
  const made = catalogueOf({
    agentGroups: agentGroups.some(({ isUnassigned }) => isUnassigned) ? [] : [UNASSIGNED],
    skillGroups: {},
    queues: [],
    roles: roles.length === 0 ? ['Agent'] : [],
    layouts: ['Default Layout'],
  });
  const groups = Map.groupBy(skills, ({ group }) => group);
  return {
    ...made,
    agentGroups: [...made.agentGroups, ...agentGroups.map((group) => ({ ...group, status: 'ACTIVE' }))],
    skillGroups: [...groups].map(([name, members]) => ({
      id: hex24(`skill group ${name}`),
      name,
      color: '#888888',
      skills: members.map(({ id, name: skill }) => ({ id, name: skill })),
    })),
    queues: queues.map((queue) => ({ ...queue, isActive: true, isDefault: queue.name === 'Default Queue' })),
    roles: [...made.roles, ...roles.map(({ id, name }) => ({ _id: id, role: name }))],
  };
}

/** Every name that the tenants' rules and tables speak of. What is taken from people as it stands can't be known. */
function seedOfConfiguration({ tenants }: Configuration): CatalogueSeed {
  const names = new Map<NameKind, Set<string>>();
  for (const tenant of Object.values(tenants)) {
    for (const { kind, name } of namesInTenant(tenant)) {
      names.set(kind, (names.get(kind) ?? new Set()).add(name.trim()));
    }
  }
  const of = (kind: NameKind, ...more: string[]) => [...new Set([...more, ...(names.get(kind) ?? [])])];
  const seed = catalogueOf({
    agentGroups: of('agent group', UNASSIGNED, 'Default Group'),
    skillGroups: skillGroupsOf(of('skill')),
    queues: of('queue', 'Default Queue'),
    roles: of('role', 'Agent'),
    layouts: ['Default Layout'],
  });
  const withId = <Entry extends { readonly id: string; readonly name: string }>(entry: Entry): Entry =>
    ID.test(entry.name) ? { ...entry, id: entry.name } : entry;
  return {
    ...seed,
    agentGroups: seed.agentGroups.map(withId),
    skillGroups: seed.skillGroups.map((group) => ({ ...group, skills: group.skills.map(withId) })),
    queues: seed.queues.map(withId),
    roles: seed.roles.map(({ _id, role }) => ({ _id: ID.test(role) ? role.toLowerCase() : _id, role })),
  };
}

/** `Group/Skill` is in its group; a skill without one is in the default group, unless a group has it already. */
function skillGroupsOf(skills: readonly string[]): Record<string, string[]> {
  const grouped = skills.filter((name) => name.includes('/') && !ID.test(name));
  const groups = Map.groupBy(grouped, (name) => name.slice(0, name.indexOf('/')));
  const members = new Map(
    [...groups].map(([group, names]) => [group, names.map((name) => name.slice(group.length + 1))]),
  );
  const known = new Set([...members.values()].flat());
  const plain = skills.filter((name) => !grouped.includes(name) && !known.has(name));
  if (plain.length > 0) {
    members.set(DEFAULT_SKILL_GROUP, [...(members.get(DEFAULT_SKILL_GROUP) ?? []), ...plain]);
  }
  return Object.fromEntries(members);
}

/** Roles that the configuration knows by id have that id; the first role stays the one of agents without any. */
function withRoleIds(seed: CatalogueSeed, { tenants }: Configuration): CatalogueSeed {
  const written = Object.values(tenants).flatMap(({ roles = {} }) =>
    Object.entries(roles).map(([role, _id]) => ({ _id, role })),
  );
  const ids = new Map(written.map(({ role, _id }) => [role, _id]));
  const roles = seed.roles.map((each) => ({ ...each, _id: ids.get(each.role) ?? each._id }));
  const more = written.filter(({ role }) => !roles.some((each) => each.role === role));
  return { ...seed, roles: [...roles, ...more] };
}

/** Whether all ids of a catalogue that was read before are those of the simulator. */
export function isReadFrom(seed: CatalogueSeed, { agentGroups, skills, queues, roles }: Catalogue): boolean {
  const ids = new Set([
    ...seed.agentGroups.map(({ id }) => id),
    ...seed.skillGroups.flatMap((group) => group.skills.map(({ id }) => id)),
    ...seed.queues.map(({ id }) => id),
    ...seed.roles.map(({ _id }) => _id),
  ]);
  return [...agentGroups, ...skills, ...queues, ...roles].every(({ id }) => ids.has(id));
}
