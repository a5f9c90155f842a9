import type { Catalogue } from '../../smartassist/catalogue.ts';
import type { KeyOfKind } from '../../smartassist/fields.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import type { Problem } from '../../tenant/problem.ts';
import { leavesOf } from '../desired/rule-fields.ts';
import { isSource } from '../values/value.ts';
import { type NameKind, nameIndex } from './names.ts';

/** The fields that hold names of the catalogue; of a list, under which key an entry has its name. */
const NAMED: Readonly<
  Record<
    KeyOfKind<'agentGroup' | 'role' | 'skills' | 'queues'>,
    { readonly kind: NameKind; readonly key: string }
  >
> = {
  agentGroup: { kind: 'agent group', key: '' },
  role: { kind: 'role', key: '' },
  skills: { kind: 'skill', key: 'skill' },
  queues: { kind: 'queue', key: 'queue' },
};

/**
 * Looks every name that a tenant's rules and tables speak of up in its catalogue: a misspelt one is found before any
 * person is provisioned.
 *
 * @returns the names that the catalogue lacks or has more than once, each with its path below the tenant
 */
export function checkNames(
  { agent, rules, roles }: Pick<TenantConfiguration, 'agent' | 'rules' | 'roles'>,
  catalogue: Catalogue,
): Problem[] {
  const index = nameIndex(catalogue, roles);
  return namesInTenant({ agent, rules }).flatMap(({ kind, name, path }) => {
    const resolved = index.resolve(kind, name);
    return 'id' in resolved ? [] : [{ path, message: resolved.message }];
  });
}

/** Every name of the catalogue that a tenant's rules and tables speak of, with its path below the tenant. */
export function namesInTenant({ agent, rules }: Pick<TenantConfiguration, 'agent' | 'rules'>): Named[] {
  return [
    ...namesIn(agent, ['agent']),
    ...rules.flatMap(({ set, add, remove }, position) =>
      Object.entries({ set, add, remove }).flatMap(([how, values]) =>
        namesIn(values ?? {}, ['rules', position, how]),
      ),
    ),
  ];
}

interface Named {
  readonly kind: NameKind;
  readonly name: string;
  readonly path: Problem['path'];
}

function namesIn(values: object, path: Problem['path']): Named[] {
  return leavesOf(values).flatMap(({ field, value, path: below }) => {
    const named = field in NAMED ? NAMED[field as keyof typeof NAMED] : undefined;
    if (named === undefined) return [];
    const { kind, key } = named;
    const at = [...path, ...below];
    if (!Array.isArray(value)) return namesOf(kind, value, at);
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
  // Stryker disable next-line ConditionalExpression: what else there is, true, has no table
  if (!isSource(value)) return [];
  const { map = {}, otherwise } = value;
  return [
    ...Object.entries(map).map(([key, name]) => ({ kind, name, path: [...path, 'map', key] })),
    ...(typeof otherwise === 'string' ? [{ kind, name: otherwise, path: [...path, 'otherwise'] }] : []),
  ];
}
