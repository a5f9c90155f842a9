import { folded } from '../../scim-core/fold.ts';
import { nearest } from '../../scim-core/nearest.ts';
import type { Catalogue } from '../../smartassist/catalogue.ts';
import { quoted } from '../values/quoted.ts';

/** The kinds of things that configuration and persons call by name and SmartAssist by id. */
export type NameKind = 'agent group' | 'skill' | 'queue' | 'role';

export type Resolved =
  | { readonly id: string }
  | {
      /** `unreadable`: whether there is such a name can't be said, as that part of the catalogue can't be read. */
      readonly reason: 'unknown' | 'ambiguous' | 'unreadable';
      /** What is wrong and which names would be right. */
      readonly message: string;
    };

/**
 * Finds ids by name in a catalogue: an id itself first, then the exact spelling of a name; another case only where one
 * name alone fits.
 */
export interface NameIndex {
  /** @param suggest whether names that are near may be looked for, which takes as long as there are names */
  resolve(kind: NameKind, name: string, suggest?: boolean): Resolved;
}

interface Candidate {
  readonly id: string;
  /** As it is written in full: for a skill `Group/Skill`. */
  readonly full: string;
  /** Everything that it may be called. */
  readonly names: readonly string[];
}

/** One unknown name in a rule is unknown for every person: what is near it is looked for once. */
const MOST_FAILURES = 1000;

/** Ids of roles that the configuration has by name. */
export type RoleIds = Readonly<Record<string, string>>;

const NO_ROLES: RoleIds = {};
const indexes = new WeakMap<Catalogue, WeakMap<RoleIds, NameIndex>>();

/** The index of a catalogue and of the roles that the configuration names, built once for each reading. */
export function nameIndex(catalogue: Catalogue, roleIds: RoleIds = NO_ROLES): NameIndex {
  const ofCatalogue = indexes.get(catalogue) ?? new WeakMap<RoleIds, NameIndex>();
  indexes.set(catalogue, ofCatalogue);
  const present = ofCatalogue.get(roleIds);
  if (present !== undefined) return present;
  const plain = ({ id, name }: { id: string; name: string }): Candidate => ({
    id,
    full: name,
    names: [name],
  });
  const kinds: Record<NameKind, KindIndex> = {
    'agent group': indexKind(catalogue.agentGroups.map(plain)),
    queue: indexKind(catalogue.queues.map(plain)),
    role: indexKind(rolesOf(catalogue, roleIds).map(plain)),
    skill: indexKind(
      catalogue.skills.map(({ id, name, group }) => ({
        id,
        full: `${group}/${name}`,
        names: [name, `${group}/${name}`],
      })),
    ),
  };
  const failures = new Map<string, Resolved>();
  const index: NameIndex = {
    resolve: (kind, name, suggest = true) => {
      const trimmed = name.trim();
      const key = `${kind} ${trimmed}`;
      const known = failures.get(key);
      if (known !== undefined) return known;
      const resolved =
        kind === 'role' && ROLE_ID.test(trimmed)
          ? { id: trimmed.toLowerCase() }
          : withReason(resolveIn(kinds[kind], kind, trimmed, suggest), kind, trimmed, catalogue);
      // Stryker disable next-line StringLiteral: to remember what was found would only take memory
      if ('id' in resolved || !suggest) return resolved;
      // Stryker disable next-line ConditionalExpression,EqualityOperator: what is forgotten is looked for again
      if (failures.size >= MOST_FAILURES) failures.clear();
      failures.set(key, resolved);
      return resolved;
    },
  };
  ofCatalogue.set(roleIds, index);
  return index;
}

const ROLE_ID = /^[0-9a-f]{24}$/i;

/** The roles by name; an id that the configuration gives a name goes before SmartAssist's. */
export function rolesOf({ roles }: Catalogue, roleIds: RoleIds): { id: string; name: string }[] {
  const written = Object.entries(roleIds).map(([name, id]) => ({ id, name }));
  const names = new Set(written.map(({ name }) => folded(name)));
  return [...written, ...roles.filter(({ name }) => !names.has(folded(name)))];
}

const PARTS = {
  'agent group': 'agentGroups',
  skill: 'skills',
  queue: 'queues',
  role: 'roles',
} as const satisfies Record<NameKind, keyof Catalogue>;

/** A name that isn't found where not all names can be read may well be there: says why they can't. */
function withReason(resolved: Resolved, kind: NameKind, name: string, catalogue: Catalogue): Resolved {
  if ('id' in resolved || resolved.reason !== 'unknown') return resolved;
  const unread = catalogue.unread?.[PARTS[kind]];
  if (unread !== undefined) {
    return { reason: 'unreadable', message: `${kind} ${quoted(name)}: ${unread.reason}` };
  }
  if (kind !== 'role' || catalogue.hasMoreRoles !== true) return resolved;
  const message = `role ${quoted(name)} is not among the ${ROLES_SHOWN} that can be read: write its id, 24 hexadecimal digits`;
  return { reason: 'unknown', message };
}

/** SmartAssist lists so many roles and has no second page of them. */
const ROLES_SHOWN = 50;

const MOST_NEAR = 3;

interface KindIndex {
  readonly all: readonly Candidate[];
  readonly ids: ReadonlySet<string>;
  readonly exact: ReadonlyMap<string, readonly Candidate[]>;
  readonly folded: ReadonlyMap<string, readonly Candidate[]>;
}

function indexKind(all: readonly Candidate[]): KindIndex {
  const by = (key: (name: string) => string) => {
    const map = new Map<string, Candidate[]>();
    for (const candidate of all) {
      for (const name of candidate.names) {
        const known = map.get(key(name));
        if (known === undefined) map.set(key(name), [candidate]);
        else known.push(candidate);
      }
    }
    return map;
  };
  return { all, ids: new Set(all.map(({ id }) => id)), exact: by((name) => name), folded: by(folded) };
}

function resolveIn(index: KindIndex, kind: NameKind, name: string, suggest: boolean): Resolved {
  if (index.ids.has(name)) return { id: name };
  const matches = index.exact.get(name) ?? index.folded.get(folded(name)) ?? [];
  const [only] = matches;
  // Stryker disable next-line ConditionalExpression: one match is there when there is one
  if (only !== undefined && matches.length === 1) return { id: only.id };
  // Stryker disable next-line EqualityOperator: one match has been answered
  if (matches.length > 1) {
    return {
      reason: 'ambiguous',
      message: `${kind} ${quoted(name)} exists more than once; write one of: ${matches.map(({ full }) => full).join(', ')}`,
    };
  }
  const close = suggest ? nearestIn(index, name) : [];
  const hint =
    close.length > 0
      ? `; the nearest names are: ${close.join(', ')}`
      : index.all.length === 0
        ? '; it has none'
        : '';
  return { reason: 'unknown', message: `${kind} ${quoted(name)} does not exist in SmartAssist${hint}` };
}

/** The names that are near, in full: a skill without its group is called by its own name. */
function nearestIn({ all }: KindIndex, name: string): string[] {
  const close = nearest(
    name,
    all.flatMap(({ names }) => names),
  );
  const full = close.flatMap((found) =>
    all.filter(({ names }) => names.includes(found)).map(({ full }) => full),
  );
  return [...new Set(full)].slice(0, MOST_NEAR);
}
