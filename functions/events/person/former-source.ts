import { MAX_RACES } from '../../directory/errors.ts';
import { everyPage } from '../../directory/pages.ts';
import type { LinkState, PersonRecord, SourceLink } from '../../directory/record.ts';
import { accept } from '../../provision/accept.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import { authorityOf, serviceOf } from '../authority.ts';
import { linksOf, SCIM, sourceStatusOf } from '../links.ts';
import { withActive } from './next.ts';

type Settled = Pick<TenantConfiguration, 'sources'>;

const PAGE = 200;

/** The sources that hold a person out of service and that the configuration no longer has: nobody can take it back. */
export function formerHolders(record: PersonRecord, { sources }: Settled): string[] {
  return Object.entries(linksOf(record)).flatMap(([source, link]) =>
    source === SCIM || Object.hasOwn(sources, source) || sourceStatusOf(link).is === 'in' ? [] : [source],
  );
}

/**
 * Drops what a source that is no longer configured said of people being out of service. Whom no other source holds comes
 * back; what the source said of attributes stays.
 *
 * @returns how many persons it held, and how many of them come back
 */
export async function dropFormer(
  services: Services,
  tenant: string,
  configuration: TenantConfiguration,
  source: string,
): Promise<{ readonly held: number; readonly back: number }> {
  let [held, back] = [0, 0];
  for await (const record of heldBy(services, tenant, configuration, source)) {
    held += 1;
    if (await drop(services, tenant, configuration, source, record)) back += 1;
  }
  return { held, back };
}

/** How many persons a source holds out of service that is no longer configured. */
export async function countFormer(
  services: Pick<Services, 'directory'>,
  tenant: string,
  configuration: Settled,
  source: string,
): Promise<number> {
  let count = 0;
  for await (const _ of heldBy(services, tenant, configuration, source)) count += 1;
  return count;
}

async function* heldBy(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
  configuration: Settled,
  source: string,
): AsyncGenerator<PersonRecord> {
  for await (const { persons } of everyPage((from) =>
    directory.listRecords(tenant, { limit: PAGE, ...from }),
  )) {
    for (const record of persons) {
      if (formerHolders(record, configuration).includes(source)) yield record;
    }
  }
}

async function drop(
  services: Services,
  tenant: string,
  configuration: TenantConfiguration,
  source: string,
  record: PersonRecord,
): Promise<boolean> {
  let before: PersonRecord | undefined = record;
  for (let race = 0; race < MAX_RACES && before !== undefined; race += 1) {
    const known = linksOf(before);
    const links = { ...known, [source]: heldNoMore(known[source] ?? {}) };
    const { isOut, isDeleted } = serviceOf(links, authorityOf(configuration));
    const person = withActive(before.person, !isOut);
    const { priority } = before;
    const accepted = await accept(tenant, services, {
      person,
      source,
      priority,
      before,
      links,
      ...(isDeleted ? { deleted: true } : {}),
    });
    if (accepted.outcome === 'stored') return !isOut;
    before = await services.directory.readPerson(tenant, record.id);
  }
  return false;
}

function heldNoMore({ others, ...link }: SourceLink): SourceLink {
  const freed = ({ out: _, unassigned: __, ...linkState }: LinkState): LinkState => linkState;
  return {
    ...freed(link),
    ...(others === undefined
      ? {}
      : { others: Object.fromEntries(Object.entries(others).map(([id, each]) => [id, freed(each)])) }),
  };
}
