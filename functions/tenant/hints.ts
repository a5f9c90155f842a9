import type { Configuration } from './configuration.ts';
import type { Problem } from './problem.ts';

/** What is right and probably not meant: told by `check`, and no reason to refuse a configuration. */
export function hintsOf(configuration: Configuration): Problem[] {
  const hints: Problem[] = [];
  const walk = (value: unknown, path: Problem['path']): void => {
    if (typeof value !== 'object' || value === null) return;
    if (isE164WithoutRegion(value)) {
      const message =
        'e164 refuses numbers that are written without a country code, as no region says whose they are: two letters of a country, such as region: DE, AT, CH, GB, US';
      hints.push({ path, message });
    }
    for (const [key, inner] of Object.entries(value)) {
      walk(inner, [...path, Array.isArray(value) ? Number(key) : key]);
    }
  };
  walk(configuration.tenants, ['tenants']);
  return hints;
}

function isE164WithoutRegion(value: object): boolean {
  if (!('from' in value) || !('as' in value) || 'region' in value) return false;
  return [value.as].flat().includes('e164');
}
