import type { PersonRecord } from '../directory/record.ts';
import { linksOf, sourceStatusOf } from '../events/links.ts';
import {
  dropFormer,
  type FormerHolder,
  formerHolders,
  heldBy,
  serviceWithout,
} from '../events/person/former-source.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';
import { type Actor, recordAction } from './audit.ts';

type Owner = Pick<TenantProvisioning, 'name' | 'tenant'>;

/** A person whom a source holds out of service that is no longer configured. */
export interface FormerlyHeld {
  readonly id: string;
  readonly userName: string;
  /** ISO 8601: since when the source says so. */
  readonly since: string;
  /** Whether the person comes back into service once the source's word is dropped. */
  readonly back: boolean;
  /** The sources that go on holding the person out, or, of one who comes back, those that have the person. */
  readonly by: readonly string[];
}

/** Those whom a source put out of service, and those whom it deleted. */
export interface FormerHold {
  readonly out: readonly FormerlyHeld[];
  readonly gone: readonly FormerlyHeld[];
}

/** Whom a source that is no longer configured holds out, and what becomes of each when its word is dropped. */
export async function foreseeDrop(
  services: Pick<Services, 'directory'>,
  { name, tenant }: Owner,
  source: string,
): Promise<FormerHold> {
  const found: Record<FormerHolder['is'], FormerlyHeld[]> = { out: [], gone: [] };
  for await (const { record, holder } of heldBy(services, name, tenant, source)) {
    found[holder.is].push(heldAs(record, tenant, holder));
  }
  return found;
}

/** The same of one record, by source. */
export function formerHoldsOf(
  record: PersonRecord,
  tenant: TenantConfiguration,
): { readonly source: string; readonly is: FormerHolder['is']; readonly held: FormerlyHeld }[] {
  return formerHolders(record, tenant).map((holder) => ({
    source: holder.source,
    is: holder.is,
    held: heldAs(record, tenant, holder),
  }));
}

/** The sources that are no longer configured and hold persons out, or have deleted some. */
export async function formerSources(
  services: Pick<Services, 'directory'>,
  { name, tenant }: Owner,
): Promise<string[]> {
  const sources = new Set<string>();
  for await (const { holder } of heldBy(services, name, tenant)) sources.add(holder.source);
  return [...sources];
}

function heldAs(
  record: PersonRecord,
  tenant: TenantConfiguration,
  { source, since }: FormerHolder,
): FormerlyHeld {
  const { isOut, holders } = serviceWithout(record, tenant, source);
  const others = Object.entries(linksOf(record)).filter(([other]) => other !== source);
  const having = others.filter(([, link]) => sourceStatusOf(link).is === 'in').map(([other]) => other);
  return {
    id: record.id,
    userName: record.person.userName,
    since,
    back: !isOut,
    by: isOut ? holders.map((holder) => holder.source) : having,
  };
}

/**
 * Drops what a source that is no longer configured said of people being out of service: of those whom it put out, or of
 * those whom it deleted.
 *
 * @returns how many persons it held so, and how many of them come back
 */
export async function dropByOperator(
  services: Services,
  { name, tenant }: Owner,
  { source, is }: { readonly source: string; readonly is: FormerHolder['is'] },
  actor: Actor,
): Promise<{ readonly held: number; readonly back: number }> {
  const dropped = await dropFormer(services, name, tenant, { source, is });
  const deleted = is === 'gone' ? { deleted: true } : {};
  await recordAction(services, name, actor, 'source drop', { source, ...dropped, ...deleted });
  return dropped;
}
