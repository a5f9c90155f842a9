import type { SourceSettings } from '../tenant/sources.ts';
import type { EventKind } from './event.ts';

/** What a provider's event types mean. */
export type KindTable = Readonly<Record<string, EventKind>>;

/** What an event type means to this tenant: what the configuration says, else what it usually does. */
export function kindOf(
  { events = {} }: SourceSettings,
  type: string | undefined,
  table: KindTable,
): EventKind | undefined {
  if (type === undefined) return undefined;
  const chosen = Object.hasOwn(events, type) ? events[type] : undefined;
  if (chosen !== undefined) return chosen === 'ignore' ? undefined : chosen;
  return Object.hasOwn(table, type) ? table[type] : undefined;
}
