import { createHash, timingSafeEqual } from 'node:crypto';
import type { Configuration, TenantConfiguration } from '../tenant/configuration.ts';
import type { Secrets } from '../tenant/secrets.ts';
import { ScimError, unauthorized } from './error.ts';

/** A digest that no token has, so that an unknown tenant costs what a wrong token costs. */
const DECOY = [`sha256:${'0'.repeat(64)}`];

/**
 * Finds the tenant and checks the bearer token against the digests in its secret, in constant time. A token that fits
 * none fetches the secret anew (at most every 30 seconds), so that a token made a moment ago works.
 *
 * @throws ScimError 404 for an unknown tenant, 401 for a missing or wrong token
 * @throws SecretError when the tenant's secret can't be used
 */
export async function authenticate(
  configuration: Configuration,
  secrets: Secrets,
  tenantName: string,
  authorization: string | undefined,
): Promise<TenantConfiguration> {
  const token = bearerToken(authorization);
  const tenant = Object.hasOwn(configuration.tenants, tenantName)
    ? configuration.tenants[tenantName]
    : undefined;
  if (tenant === undefined) {
    matchesAny(token ?? '', DECOY);
    throw new ScimError(404, 'There is no such tenant.');
  }
  if (token === undefined) throw unauthorized();
  const { secret } = tenant.smartassist;
  if (matchesAny(token, (await secrets.get(secret)).scimTokens)) return tenant;
  if (matchesAny(token, (await secrets.refresh(secret)).scimTokens)) return tenant;
  throw unauthorized();
}

function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +([^\s]+) *$/i.exec(authorization ?? '')?.[1];
}

/** Looks at all digests, whichever fits, so that time tells nothing. */
function matchesAny(token: string, digests: readonly string[]): boolean {
  const given = createHash('sha256').update(token, 'utf8').digest();
  let found = false;
  for (const digest of digests) {
    const known = Buffer.from(digest.slice('sha256:'.length), 'hex');
    found = (known.length === given.length && timingSafeEqual(known, given)) || found;
  }
  return found;
}
