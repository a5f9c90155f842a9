import type { PersonRecord } from '../directory/record.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';
import { type Links, SCIM, type SourceStatus, sourceStatusOf } from './links.ts';
import { keyPrefixOf } from './person/values.ts';

/** Which source decides whether a person is in service, and each attribute. */
export interface Authority {
  /** Whether the source may put people out of service. */
  decidesService(source: string): boolean;
  /** Whether the source is no longer configured: nothing can take back what it said. */
  isFormer(source: string): boolean;
  /** The place of a source for an attribute: the lowest that has a value gives it. */
  rank(source: string, attribute: string): number;
}

type Settled = Pick<TenantConfiguration, 'authority' | 'sources'>;

const made = new WeakMap<TenantConfiguration, Authority>();

/** The authority of a tenant; without a configured one every source may say who is out, and SCIM comes first. */
export function authorityOf(configuration: TenantConfiguration | undefined): Authority {
  if (configuration === undefined) return open({ sources: {} });
  let authority = made.get(configuration);
  if (authority === undefined) {
    authority = open(configuration);
    made.set(configuration, authority);
  }
  return authority;
}

/** The order of a tenant's sources where nothing else is said of an attribute. */
export function sourceOrderOf({ authority, sources }: Settled): string[] {
  return [...new Set([...(authority?.inService ?? []), SCIM, ...Object.keys(sources)])];
}

function open(configuration: Settled): Authority {
  const { inService, attributes = {} } = configuration.authority ?? {};
  const order = new Map(sourceOrderOf(configuration).map((source, place) => [source, place]));
  const chosen = Object.entries(attributes).flatMap(([name, source]) => {
    const prefix = keyPrefixOf(name);
    return prefix === undefined ? [] : [{ prefix, source }];
  });
  return {
    decidesService: (source) => inService === undefined || inService.includes(source),
    isFormer: (source) => source !== SCIM && !Object.hasOwn(configuration.sources, source),
    rank: (source, attribute) => {
      const isChosen = chosen.some(
        ({ prefix, source: first }) =>
          first === source && (attribute === prefix || attribute.startsWith(`${prefix}.`)),
      );
      return isChosen ? -1 : (order.get(source) ?? order.size);
    },
  };
}

/** Who holds a person out of service, and whether the person is deleted: the first that says so first. */
export interface Service {
  readonly isOut: boolean;
  readonly isDeleted: boolean;
  readonly holders: readonly { readonly source: string; readonly status: SourceStatus }[];
}

/**
 * Whether a person is in service: as long as no source that decides it says otherwise. A source that is no longer configured
 * goes on holding out a person who is out, also where a list of those that decide can't name it any more: its word is dropped
 * by an operator, and not by the next event of another source. Deleted is who was deleted by
 * SCIM, or by one source while no other one has the person in service.
 *
 * @param before the record as it stands; absent for a person who is new
 */
export function serviceOf(links: Links, authority: Authority, before?: PersonRecord): Service {
  const wasOut = before?.person.active === false || before?.deletedAt !== undefined;
  const said = Object.entries(links)
    .filter(([source]) => authority.decidesService(source) || (wasOut && authority.isFormer(source)))
    .map(([source, link]) => ({ source, status: sourceStatusOf(link) }));
  const holders = said.filter(({ status }) => status.is !== 'in');
  const gone = holders.filter(({ status }) => status.is === 'gone');
  const isDeleted =
    gone.some(({ source }) => source === SCIM) || (gone.length > 0 && holders.length === said.length);
  return { isOut: holders.length > 0, isDeleted, holders };
}

/** `active` of a person as it is to be stored. */
export function activeAfter(
  { isOut }: Service,
  known: PersonRecord['person']['active'],
  isSaidIn: boolean,
): boolean | undefined {
  if (isOut) return false;
  return isSaidIn || known === false ? true : known;
}
