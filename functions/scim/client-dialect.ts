import { isObject } from '../scim-core/resource/resource.ts';
import type { ScimRequest } from './http/request.ts';

/** Whose habits the answers follow. */
export type ClientDialect = 'entra' | 'okta' | 'generic';

/**
 * The tenant's profile or, where it is `auto`, the one that the request gives away: by its User-Agent, the flags that
 * Entra ID has in every query (E14), or operations written with a capital (E4). Nothing depends on a User-Agent being
 * there (E16).
 */
export function clientDialectOf(request: ScimRequest): ClientDialect {
  const { profile } = request.tenant.scim;
  if (profile !== 'auto') return profile;
  const { userAgent, query, body } = request;
  if (/okta/i.test(userAgent)) return 'okta';
  const isEntra =
    query.has('aadoptscim062020') ||
    query.has('azureadscimpatch2017') ||
    /azure|entra|microsoft/i.test(userAgent) ||
    hasCapitalisedOperation(body);
  return isEntra ? 'entra' : 'generic';
}

function hasCapitalisedOperation(body: unknown): boolean {
  const operations = isObject(body) ? body.Operations : undefined;
  return (
    Array.isArray(operations) &&
    operations.some((each) => isObject(each) && typeof each.op === 'string' && /^[A-Z]/.test(each.op))
  );
}
