import type { Catalogue } from '../smartassist/catalogue.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';
import type { Problem } from '../tenant/problem.ts';
import { leavesOf } from './fields.ts';
import { isListField, type ListField } from './merge.ts';
import { type NameKind, nameIndex } from './names.ts';
import { isSource } from './value.ts';

/** The fields that hold names of the catalogue. */
const KINDS: Readonly<Record<string, NameKind>> = {
  agentGroup: 'agent group',
  role: 'role',
  skills: 'skill',
  queues: 'queue',
};

/** Under which key an entry of a list has its name. */
const NAME_KEYS: Partial<Record<ListField, string>> = { skills: 'skill', queues: 'queue' };

/**
 * Looks every name that a tenant's rules and tables speak of up in its catalogue: a misspelt one is found before anybody
 * is provisioned.
 *
 * @returns the names that the catalogue lacks or has more than once, each with its path below the tenant
 */
export function checkNames(
  { agent, rules }: Pick<TenantConfiguration, 'agent' | 'rules'>,
  catalogue: Catalogue,
): Problem[] {
  const index = nameIndex(catalogue);
  return [
    ...namesIn(agent, ['agent']),
    ...rules.flatMap(({ set, add, remove }, position) =>
      Object.entries({ set, add, remove }).flatMap(([how, values]) =>
        namesIn(values ?? {}, ['rules', position, how]),
      ),
    ),
  ].flatMap(({ kind, name, path }) => {
    const resolved = index.resolve(kind, name);
    return 'id' in resolved ? [] : [{ path, message: resolved.message }];
  });
}

interface Named {
  readonly kind: NameKind;
  readonly name: string;
  readonly path: Problem['path'];
}

function namesIn(values: object, path: Problem['path']): Named[] {
  return leavesOf(values).flatMap(({ field, value, path: below }) => {
    const kind = KINDS[field];
    if (kind === undefined) return [];
    const at = [...path, ...below];
    if (!isListField(field) || !Array.isArray(value)) return namesOf(kind, value, at);
    const key = NAME_KEYS[field] ?? '';
    return value.flatMap((entry, index) =>
      typeof entry === 'string' || isSource(entry)
        ? namesOf(kind, entry, [...at, index])
        : namesOf(kind, entry[key], [...at, index, key]),
    );
  });
}

/** The name itself; of a value that is taken from the person, what its table and `otherwise` can make of it. */
function namesOf(kind: NameKind, value: unknown, path: Problem['path']): Named[] {
  if (typeof value === 'string') return [{ kind, name: value, path }];
  if (!isSource(value)) return [];
  const { map = {}, otherwise } = value;
  return [
    ...Object.entries(map).map(([key, name]) => ({ kind, name, path: [...path, 'map', key] })),
    ...(typeof otherwise === 'string' ? [{ kind, name: otherwise, path: [...path, 'otherwise'] }] : []),
  ];
}
