import type { PersonRecord } from '../directory/record.ts';
import { SCIM } from '../tenant/vocabulary.ts';

/** Key of `origins` for every attribute that isn't named, and for `userName` and `externalId` themselves. */
export const REST = '*';

/** Which source an attribute of a person came from. */
export function originOf(record: PersonRecord, attribute: string): string {
  const { origins = {} } = record;
  return origins[attribute] ?? origins[REST] ?? makerOf(record);
}

/** The source that made the person: what it says may change `userName`. */
export function makerOf({ links = {}, source }: PersonRecord): string {
  const maker = Object.entries(links).find(([, { isMaker }]) => isMaker === true)?.[0];
  return maker ?? (links[SCIM] !== undefined || Object.keys(links).length === 0 ? SCIM : source);
}
