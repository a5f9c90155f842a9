import { nearest } from '../../scim-core/nearest.ts';
import type { Catalogue } from '../../smartassist/catalogue.ts';
import { quoted } from '../values/quoted.ts';

/** The kinds of things that configuration and persons call by name and SmartAssist by id. */
export type NameKind = 'agent group' | 'skill' | 'queue' | 'role';

export type Resolved =
  | { readonly id: string }
  | {
      readonly reason: 'unknown' | 'ambiguous';
      /** What is wrong and which names would be right. */
      readonly message: string;
    };

/** Finds ids by name in a catalogue. Exact spelling first; another case only where one name alone fits. */
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

/** One unknown name in a rule is unknown for everybody: what is near it is looked for once. */
const MOST_FAILURES = 1000;

const indexes = new WeakMap<Catalogue, NameIndex>();

/** The index of a catalogue, built once for each reading. */
export function nameIndex(catalogue: Catalogue): NameIndex {
  const present = indexes.get(catalogue);
  if (present !== undefined) return present;
  const plain = ({ id, name }: { id: string; name: string }): Candidate => ({
    id,
    full: name,
    names: [name],
  });
  const kinds: Record<NameKind, KindIndex> = {
    'agent group': indexKind(catalogue.agentGroups.map(plain)),
    queue: indexKind(catalogue.queues.map(plain)),
    role: indexKind(catalogue.roles.map(plain)),
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
      const resolved = resolveIn(kinds[kind], kind, trimmed, suggest);
      // Stryker disable next-line StringLiteral: to remember what was found would only take memory
      if ('id' in resolved || !suggest) return resolved;
      // Stryker disable next-line ConditionalExpression,EqualityOperator: what is forgotten is looked for again
      if (failures.size >= MOST_FAILURES) failures.clear();
      failures.set(key, resolved);
      return resolved;
    },
  };
  indexes.set(catalogue, index);
  return index;
}

const MOST_NEAR = 3;

interface KindIndex {
  readonly all: readonly Candidate[];
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
  return { all, exact: by((name) => name), folded: by((name) => name.toLowerCase()) };
}

function resolveIn(index: KindIndex, kind: NameKind, name: string, suggest: boolean): Resolved {
  const matches = index.exact.get(name) ?? index.folded.get(name.toLowerCase()) ?? [];
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

/** The names that are near, in full: who leaves the group of a skill out means its own name. */
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
