import { AGENT_FIELDS, type FieldRow } from '../smartassist/fields.ts';
import type { TenantConfiguration } from '../tenant/configuration.ts';
import { leavesOf } from './desired/rule-fields.ts';

/**
 * The fields of a payload that are the mapping's when an agent is made, and SmartAssist's from then on: no update sends
 * them, and they are no drift.
 */
export function initialFieldsOf({ ownership }: Pick<TenantConfiguration, 'ownership'>): ReadonlySet<string> {
  const keys = new Set(initialKeysOf({ ownership }));
  return new Set(
    Object.entries<FieldRow>(AGENT_FIELDS).flatMap(([field, { key = '' }]) => (keys.has(key) ? [field] : [])),
  );
}

/** The same as configuration calls them. */
export function initialKeysOf({ ownership }: Pick<TenantConfiguration, 'ownership'>): string[] {
  const leaves = leavesOf(ownership ?? {});
  return leaves.filter(({ value }) => value === 'initial').map(({ field }) => field);
}
