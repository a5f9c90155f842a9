import type { TenantConfiguration } from './configuration.ts';
import type { SourceSettings } from './sources.ts';

/** What the configuration says about a source; undefined for a name that it doesn't have. */
export function settingsOf({ sources }: TenantConfiguration, name: string): SourceSettings | undefined {
  return Object.hasOwn(sources, name) ? (sources[name] as SourceSettings) : undefined;
}
