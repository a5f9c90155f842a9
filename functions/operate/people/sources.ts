import type { PersonRecord } from '../../directory/record.ts';
import { idsOf, linksOf, sourceStatusOf } from '../../events/links.ts';
import { valuesOf } from '../../events/person/values.ts';
import { makerOf, originOf } from '../../provision/attribute-source.ts';
import { compact } from '../../runtime/compact.ts';
import { ENTERPRISE_USER } from '../../scim-core/schema.ts';

/** What one source says of a person. */
export interface SourceOfRecord {
  readonly source: string;
  /** The source's ids of the person. */
  readonly ids: readonly string[];
  readonly status: 'in' | 'out' | 'gone';
  /** ISO 8601: since when the source holds the person out of service. */
  readonly since?: string;
  /** The attributes that came from it. */
  readonly attributes: readonly string[];
}

/** Every source that is linked to a person, and SCIM where that made the person. */
export function sourcesOfRecord(record: PersonRecord): SourceOfRecord[] {
  const { externalId } = record.person;
  const own = ['userName', ...(externalId === undefined ? [] : ['externalId'])];
  const given = new Map([[makerOf(record), own]]);
  for (const key of Object.keys(valuesOf(record.person))) {
    const source = originOf(record, key);
    given.set(source, [...(given.get(source) ?? []), shortNameOf(key)]);
  }
  return Object.entries(linksOf(record)).map(([source, link]) => {
    const status = sourceStatusOf(link);
    const since = status.is === 'in' ? undefined : status.since;
    const attributes = given.get(source) ?? [];
    return { source, ids: idsOf(link), status: status.is, ...compact({ since }), attributes };
  });
}

/** An attribute as administrators name it: `department`, and not the schema before it. */
export function shortNameOf(key: string): string {
  return key.replace(`${ENTERPRISE_USER.id}:`, '');
}
