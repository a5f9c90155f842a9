import { once } from '../../runtime/once.ts';
import type { Person } from '../../scim-core/person.ts';
import { isObject, schemasOf } from '../../scim-core/resource/resource.ts';
import { AGENT_EXTENSION, ENTERPRISE_USER, USER, USER_KIND } from '../../scim-core/schema.ts';

/**
 * The attributes of a person one by one, under the names by which sources are ordered: `title`, `name.givenName`,
 * `urn:…:User:department`. Multi-valued attributes and the extension of requested entitlements are one value each. What
 * belongs to the person itself (`userName`, `externalId`) and being in service (`active`) are none of them.
 */
export type Values = Readonly<Record<string, unknown>>;

const APART: ReadonlySet<string> = new Set([
  'schemas',
  'id',
  'meta',
  'groups',
  'userName',
  'externalId',
  'active',
]);
const SPLIT: ReadonlyMap<string, string> = new Map([
  ['name', 'name.'],
  [ENTERPRISE_USER.id, `${ENTERPRISE_USER.id}:`],
]);

export function valuesOf(person: Readonly<Record<string, unknown>>): Values {
  const values: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(person)) {
    if (APART.has(name) || value === undefined) continue;
    const prefix = SPLIT.get(name);
    if (prefix === undefined || !isObject(value)) values[name] = value;
    else for (const [sub, inner] of Object.entries(value)) values[`${prefix}${sub}`] = inner;
  }
  return values;
}

/** The person that has these values, and of `base` what is none of them. */
export function personWith(base: Person, values: Values): Person {
  const person: Record<string, unknown> = Object.fromEntries(
    Object.entries(base).filter(([name]) => APART.has(name) && name !== 'schemas'),
  );
  for (const [key, value] of Object.entries(values)) {
    const [name, prefix] = [...SPLIT].find(([, each]) => key.startsWith(each)) ?? [];
    if (name === undefined || prefix === undefined) person[key] = value;
    else person[name] = { ...(person[name] as object | undefined), [key.slice(prefix.length)]: value };
  }
  return { schemas: schemasOf(person, USER_KIND), ...person } as unknown as Person;
}

/** The names that `authority.attributes` may have, as administrators write them, each with the keys it stands for. */
export function keyPrefixOf(name: string): string | undefined {
  return NAMES().get(name.toLowerCase());
}

const NAMES = once(
  (): ReadonlyMap<string, string> =>
    new Map([
      ...ENTERPRISE_USER.attributes.flatMap(({ name }): [string, string][] => [
        [name.toLowerCase(), `${ENTERPRISE_USER.id}:${name}`],
        [`${ENTERPRISE_USER.id}:${name}`.toLowerCase(), `${ENTERPRISE_USER.id}:${name}`],
      ]),
      ...USER.attributes.map(({ name }): [string, string] => [name.toLowerCase(), name]),
      ...['givenName', 'familyName', 'formatted', 'middleName'].map((sub): [string, string] => [
        `name.${sub}`.toLowerCase(),
        `name.${sub}`,
      ]),
      [AGENT_EXTENSION.id.toLowerCase(), AGENT_EXTENSION.id],
    ]),
);
