import { didYouMean } from '../../scim-core/nearest.ts';
import { ENTERPRISE_USER, USER } from '../../scim-core/schema.ts';
import type { TenantConfiguration } from '../configuration.ts';
import type { Problem } from '../problem.ts';
import { isList, SCIM } from '../vocabulary.ts';

/** What no source can be given: the person's own keys, and what is computed or never kept. */
const NOT_GIVEN: ReadonlySet<string> = new Set(['userName', 'externalId', 'active', 'groups', 'password']);

/** What is wrong with the authority of a tenant beyond its grammar: sources and attributes that there are none of. */
export function authorityProblems({
  authority,
  sources,
}: Pick<TenantConfiguration, 'authority' | 'sources'>): Problem[] {
  const known = [SCIM, ...Object.keys(sources)];
  const attributes = [...USER.attributes, ...ENTERPRISE_USER.attributes]
    .map(({ name }) => name)
    .filter((name) => !NOT_GIVEN.has(name));
  const unknown = (path: Problem['path'], source: string) => unknownSource(path, source, known);
  const { inService = [], attributes: chosen = {} } = authority ?? {};
  return [
    ...inService.flatMap((source, index) => [
      ...unknown(['authority', 'inService', index], source),
      ...(inService.indexOf(source) === index
        ? []
        : [{ path: ['authority', 'inService', index], message: `${source} is in the list already` }]),
    ]),
    ...Object.entries(chosen).flatMap(([name, source]) => [
      ...unknown(['authority', 'attributes', name], source),
      ...(isAttribute(name, attributes)
        ? []
        : [
            {
              path: ['authority', 'attributes', name],
              message: `is no attribute that a source gives.${didYouMean(name, attributes)}`,
            },
          ]),
    ]),
  ];
}

/** Sources that may ask for something and that there are none of. */
export function wishProblems({
  wishes: allowed,
  sources,
}: Pick<TenantConfiguration, 'wishes' | 'sources'>): Problem[] {
  if (isList(allowed)) return [];
  const known = [SCIM, ...Object.keys(sources)];
  return Object.keys(allowed).flatMap((source) => unknownSource(['wishes', source], source, known));
}

/** A source that is to be named and isn't configured. */
function unknownSource(path: Problem['path'], source: string, known: readonly string[]): Problem[] {
  if (known.includes(source)) return [];
  return [{ path, message: `${source} is no source of this tenant.${didYouMean(source, known)}` }];
}

function isAttribute(name: string, attributes: readonly string[]): boolean {
  const plain = name.replace(`${ENTERPRISE_USER.id}:`, '').replace(/^name\..*$/, 'name');
  return attributes.some((each) => each.toLowerCase() === plain.toLowerCase());
}
