import { MAX_RACES } from '../../directory/errors.ts';
import { everyPage } from '../../directory/pages.ts';
import type { LinkState, PersonRecord, SourceLink } from '../../directory/record.ts';
import { accept } from '../../provision/accept.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import { authorityOf, type Service, serviceOf } from '../authority.ts';
import { linksOf, SCIM, sourceStatusOf } from '../links.ts';
import { withActive } from './next.ts';

type Settled = Pick<TenantConfiguration, 'sources'>;

const PAGE = 200;

/** A source that holds a person out of service and that the configuration no longer has: nobody can take it back. */
export interface FormerHolder {
  readonly source: string;
  /** `out`: suspended, or out of its scope. `gone`: deleted there. */
  readonly is: 'out' | 'gone';
  /** ISO 8601. */
  readonly since: string;
}

/** Dropping the hold of one former source: over those whom it held out, or over those whom it has deleted. */
export interface Drop {
  readonly source: string;
  readonly is: FormerHolder['is'];
}

export function formerHolders(record: PersonRecord, { sources }: Settled): FormerHolder[] {
  return Object.entries(linksOf(record)).flatMap(([source, link]) => {
    const status = sourceStatusOf(link);
    return source === SCIM || Object.hasOwn(sources, source) || status.is === 'in'
      ? []
      : [{ source, ...status }];
  });
}

/** What would decide about a person's service without the word of a former source. */
export function serviceWithout(
  record: PersonRecord,
  configuration: TenantConfiguration,
  source: string,
): Service {
  return serviceOf(linksWithout(record, source), authorityOf(configuration), record);
}

/**
 * Drops what a source that is no longer configured said of people being out of service. Whom no other source holds comes
 * back; what the source said of attributes stays. Who was deleted and who was put out are dropped apart: a deleted person
 * comes back by a decision about exactly those.
 *
 * @returns how many persons it held so, and how many of them come back
 */
export async function dropFormer(
  services: Services,
  tenant: string,
  configuration: TenantConfiguration,
  { source, is }: Drop,
): Promise<{ readonly held: number; readonly back: number }> {
  let [held, back] = [0, 0];
  for await (const { record, holder } of heldBy(services, tenant, configuration, source)) {
    if (holder.is !== is) continue;
    held += 1;
    if (await drop(services, tenant, configuration, { source, is }, record)) back += 1;
  }
  return { held, back };
}

/**
 * The records that sources hold out of service which are no longer configured, the deleted ones among them.
 *
 * @param source the one that is asked about; without it all
 */
export async function* heldBy(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
  configuration: Settled,
  source?: string,
): AsyncGenerator<{ readonly record: PersonRecord; readonly holder: FormerHolder }> {
  for await (const { persons } of everyPage((from) =>
    directory.listRecords(tenant, { limit: PAGE, ...from }),
  )) {
    for (const record of persons) {
      for (const holder of formerHolders(record, configuration)) {
        if (source === undefined || holder.source === source) yield { record, holder };
      }
    }
  }
}

async function drop(
  services: Services,
  tenant: string,
  configuration: TenantConfiguration,
  { source, is }: Drop,
  record: PersonRecord,
): Promise<boolean> {
  let before: PersonRecord | undefined = record;
  for (let race = 0; race < MAX_RACES && before !== undefined; race += 1) {
    // What is said meanwhile may be of the other kind, and that isn't decided about here.
    if (formerHolders(before, configuration).every((each) => each.source !== source || each.is !== is)) {
      return false;
    }
    const { isOut, isDeleted } = serviceWithout(before, configuration, source);
    const { priority } = before;
    const accepted = await accept(tenant, services, {
      person: withActive(before.person, !isOut),
      source,
      priority,
      before,
      links: linksWithout(before, source),
      ...(isDeleted ? { deleted: true } : {}),
    });
    if (accepted.outcome === 'stored') return !isOut;
    before = await services.directory.readPerson(tenant, record.id);
  }
  return false;
}

function linksWithout(record: PersonRecord, source: string) {
  const known = linksOf(record);
  return { ...known, [source]: heldNoMore(known[source] ?? {}) };
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
