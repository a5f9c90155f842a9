import type { TenantConfiguration } from '../configuration.ts';
import type { Problem } from '../problem.ts';
import { bringsDays } from './time-zone.ts';

/** What is wrong with a tenant whose sources bring days: it doesn't say where these begin. */
export function timeZoneProblems({
  sources,
  timeZone,
}: Pick<TenantConfiguration, 'sources' | 'timeZone'>): Problem[] {
  const [name, source] = Object.entries(sources).find(([, settings]) => bringsDays(settings)) ?? [];
  if (timeZone !== undefined || name === undefined || source === undefined) return [];
  const message = `${source.preset} brings first and last days: the tenant has to say where they begin and end, such as timeZone: Europe/Berlin`;
  return [{ path: ['sources', name], message }];
}
