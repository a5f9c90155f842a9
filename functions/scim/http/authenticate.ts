import { createHash, timingSafeEqual } from 'node:crypto';
import type { Services } from '../../provision/services.ts';
import type { Configuration, TenantConfiguration } from '../../tenant/configuration.ts';
import { ScimError, unauthorized } from './error.ts';
import { type JwtVerifier, looksLikeJwt, openJwtVerifier, type TrustedToken } from './jwt.ts';
import type { Caller } from './request.ts';

/** A digest that no token has, so that an unknown tenant costs what a wrong token costs. */
const DECOY = [`sha256:${'0'.repeat(64)}`];

/** What a tenant lets everybody read who wants to, if it is configured so (RFC 7643 section 5). */
const DISCOVERY = new Set(['serviceproviderconfig', 'resourcetypes', 'schemas']);

/** A request as the doorkeeper sees it: nothing of its body. */
export interface AuthenticationRequest {
  readonly tenantName: string;
  readonly method: string;
  readonly segments: readonly string[];
  readonly authorization: string | undefined;
}

export interface Authenticated {
  readonly tenant: TenantConfiguration;
  readonly caller: Caller;
}

/**
 * Lets those in who have a token for the tenant: one whose digest is in its secret, compared in constant time, or a JSON
 * Web Token of an authorization server that it trusts. A token that fits no digest fetches the secret anew (at most every
 * 30 seconds), so that a token made a moment ago works.
 *
 * The function that comes out throws a ScimError (404 for an unknown tenant, 401 for a missing or wrong token, 503 when
 * it can't be told) or the SecretError of a secret that can't be used.
 */
export function openAuthenticator(
  configuration: Configuration,
  services: Pick<Services, 'secrets' | 'transport' | 'clock'>,
): (knock: AuthenticationRequest) => Promise<Authenticated> {
  const verifiers = new Map<TenantConfiguration, JwtVerifier>();
  const verifierOf = (tenant: TenantConfiguration): JwtVerifier => {
    const verifier = verifiers.get(tenant) ?? openJwtVerifier(tenant.scim.jwt, services);
    verifiers.set(tenant, verifier);
    return verifier;
  };

  return async ({ tenantName, method, segments, authorization }) => {
    const token = bearerToken(authorization);
    const tenant = Object.hasOwn(configuration.tenants, tenantName)
      ? configuration.tenants[tenantName]
      : undefined;
    if (tenant === undefined) {
      matchesAny(token ?? '', DECOY);
      throw new ScimError(404, 'There is no such tenant.');
    }
    if (authorization === undefined && isOpen(tenant, method, segments)) {
      return { tenant, caller: { access: 'all' } };
    }
    if (token === undefined) throw unauthorized();
    if (tenant.scim.jwt.length > 0 && looksLikeJwt(token)) {
      return { tenant, caller: callerOf(await verifierOf(tenant).verify(token)) };
    }
    const { secret } = tenant.smartassist;
    const known = await services.secrets.get(secret);
    const isGood =
      matchesAny(token, known.scimTokens) ||
      matchesAny(token, (await services.secrets.refresh(secret)).scimTokens);
    if (!isGood) throw unauthorized();
    return { tenant, caller: { access: 'all' } };
  };
}

function isOpen({ scim }: TenantConfiguration, method: string, [endpoint = '']: readonly string[]): boolean {
  return scim.discovery === 'open' && method === 'GET' && DISCOVERY.has(endpoint.toLowerCase());
}

function callerOf({ settings: { access, me }, claims }: TrustedToken): Caller {
  const value = me === undefined ? undefined : claims[me.claim];
  return me === undefined || typeof value !== 'string' || value === ''
    ? { access }
    : { access, subject: { attribute: me.attribute, value } };
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
