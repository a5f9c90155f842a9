import type { PersonRecord } from '../../directory/record.ts';
import type { Services } from '../../provision/services.ts';
import { nearest } from '../../scim-core/nearest.ts';
import { OperateError } from '../errors.ts';
import { everyPerson, findExactly, type PeopleFilter, type PeopleOf } from './list.ts';

/** Which people an operator means: by name, or all of a list. */
export type PeopleSelection = { readonly names: readonly string[] } | { readonly filter: PeopleFilter };

export interface Selected {
  readonly records: PersonRecord[];
  /** Names of nobody, each with those that are near. */
  readonly unknown: readonly { readonly name: string; readonly near: readonly string[] }[];
}

/** Those who are looked through for a name that is near. */
const CANDIDATES = 200;
/** So much of a misspelt name is taken to be right. */
const BEGINNINGS = [3, 1];

/** The people whom a selection means. A name is a userName, an e-mail address, an externalId, an id or an agent id. */
export async function selectPeople(
  services: Pick<Services, 'directory'>,
  tenant: PeopleOf,
  selection: PeopleSelection,
): Promise<Selected> {
  if ('filter' in selection) {
    const records: PersonRecord[] = [];
    for await (const record of everyPerson(services, tenant, selection.filter)) records.push(record);
    return { records, unknown: [] };
  }
  const found = await Promise.all(
    selection.names.map(async (name) => ({ name, records: await findNamed(services, tenant, name) })),
  );
  const unknown = found.filter(({ records }) => records.length === 0).map(({ name }) => name);
  return {
    records: [
      ...new Map(found.flatMap(({ records }) => records).map((record) => [record.id, record])).values(),
    ],
    unknown: await Promise.all(
      unknown.map(async (name) => ({ name, near: await namesNear(services, tenant, name) })),
    ),
  };
}

/**
 * The one person whom a name means.
 *
 * @throws OperateError where there is nobody, or more than one
 */
export async function selectPerson(
  services: Pick<Services, 'directory'>,
  tenant: PeopleOf,
  name: string,
): Promise<PersonRecord> {
  const [record, ...others] = await findNamed(services, tenant, name);
  if (record !== undefined && others.length === 0) return record;
  if (record !== undefined) {
    const list = [record, ...others].map(({ id, person }) => `${person.userName} (${id})`).join(', ');
    throw new OperateError('unknown-person', `${name} means several people: ${list}; name one by the id`);
  }
  const near = await namesNear(services, tenant, name);
  const hint = near.length === 0 ? '' : `; the nearest names are: ${near.join(', ')}`;
  throw new OperateError(
    'unknown-person',
    `nobody in the directory of ${tenant.name} has the userName, e-mail address or id ${name}${hint}`,
  );
}

/** By userName first: what else has the same text for an address or an id means another person. */
async function findNamed(
  services: Pick<Services, 'directory'>,
  tenant: PeopleOf,
  name: string,
): Promise<PersonRecord[]> {
  const byUserName = await services.directory.findPerson(tenant.name, { attribute: 'userName', value: name });
  return byUserName.length > 0 ? byUserName : findExactly(services, tenant, name, true);
}

async function namesNear(
  { directory }: Pick<Services, 'directory'>,
  { name: tenant }: PeopleOf,
  name: string,
): Promise<string[]> {
  for (const length of BEGINNINGS) {
    const { persons } = await directory.namedPersons(tenant, name.slice(0, length), { limit: CANDIDATES });
    const near = nearest(
      name,
      persons.map(({ person }) => person.userName),
    );
    if (near.length > 0) return near;
  }
  return [];
}
