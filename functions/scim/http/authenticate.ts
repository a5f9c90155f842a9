import { hash, timingSafeEqual } from 'node:crypto';
import type { Services } from '../../provision/services.ts';
import { compact } from '../../runtime/compact.ts';
import type { Configuration, TenantConfiguration } from '../../tenant/configuration.ts';
import { tenantNamed } from '../../tenant/look-up.ts';
import { checkWithSecret } from '../../tenant/secrets/secrets.ts';
import { UNAUTHORIZED, unauthorized } from './error.ts';
import { type JwtVerifier, looksLikeJwt, openJwtVerifier, type TrustedToken } from './jwt.ts';
import type { Caller } from './request.ts';

/** A digest that no token has, so that an unknown tenant takes the time that a wrong token takes. */
const DECOY = [`sha256:${'0'.repeat(64)}`];

/** What can be read without a token where the tenant is configured so (RFC 7643 section 5). */
const DISCOVERY = new Set(['serviceproviderconfig', 'resourcetypes', 'schemas']);

/** What is looked at before a request is let in: nothing of its body. */
export interface AuthenticationRequest {
  readonly tenantName: string;
  readonly method: string;
  readonly segments: readonly string[];
  readonly authorization: string | undefined;
}

export interface Authenticated {
  readonly tenant: TenantConfiguration;
  readonly caller: Caller;
  /** The beginning of the token's digest, by which operators tell tokens apart; `jwt` for an access token. */
  readonly token?: string;
}

/**
 * Lets a request in that has a token for the tenant: one whose digest is in its secret, compared in constant time, or a JSON
 * Web Token of an authorization server that it trusts. A token that fits no digest fetches the secret anew (at most every
 * 30 seconds), so that a token made a moment ago works.
 *
 * The function that comes out throws a ScimError (401 for a missing or wrong token, 503 when it can't be told) or the
 * SecretError of a secret that can't be used. A stranger is told which form the Authorization header has, and never
 * whether the tenant exists.
 */
export function openAuthenticator(
  configuration: Configuration,
  services: Pick<Services, 'secrets' | 'transport' | 'clock'>,
): (request: AuthenticationRequest) => Promise<Authenticated> {
  const verifiers = new Map<TenantConfiguration, JwtVerifier>();
  const verifierOf = (tenant: TenantConfiguration): JwtVerifier => {
    const verifier = verifiers.get(tenant) ?? openJwtVerifier(tenant.scim.jwt, services);
    verifiers.set(tenant, verifier);
    return verifier;
  };

  return async ({ tenantName, method, segments, authorization }) => {
    const { token, refusal } = readAuthorization(authorization);
    const tenant = tenantNamed(configuration, tenantName);
    if (tenant === undefined) {
      matchesAny(digestOf(token ?? ''), DECOY);
      throw unauthorized(refusal);
    }
    if (authorization === undefined && isOpen(tenant, method, segments)) {
      return { tenant, caller: { access: 'all' } };
    }
    if (token === undefined) throw unauthorized(refusal);
    if (tenant.scim.jwt.length > 0 && looksLikeJwt(token)) {
      return { tenant, caller: callerOf(await verifierOf(tenant).verify(token)), token: 'jwt' };
    }
    const digest = digestOf(token);
    const isGood = await checkWithSecret(
      services.secrets,
      { name: tenantName, tenant },
      ({ scimTokens }) => matchesAny(digest, scimTokens),
      (isMatch) => isMatch,
    );
    if (!isGood) throw unauthorized(refusal);
    return {
      tenant,
      caller: { access: 'all' },
      token: digest.slice(0, SHOWN_DIGITS),
    };
  };
}

/** As `secret set --retire-token` takes the beginning of a digest. */
const SHOWN_DIGITS = 8;

function digestOf(token: string): string {
  return hash('sha256', token, 'hex');
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

/** The token of an Authorization header, if it has one, and what is said of the header where nobody is let in by it. */
interface Authorization {
  readonly token?: string;
  readonly refusal: string;
}

/** A token alone is taken as well: Okta's "Header Auth" sends the field as it was typed. */
function readAuthorization(header = ''): Authorization {
  const [first, second, ...more] = header.split(' ').filter((word) => word !== '');
  if (first === undefined) return { refusal: UNAUTHORIZED.missing };
  const isBearer = first.toLowerCase() === 'bearer';
  if (isBearer && second !== undefined && more.length === 0 && !/\s/.test(second)) {
    return { token: second, refusal: UNAUTHORIZED.invalid };
  }
  const isAlone = !isBearer && second === undefined && !/\s/.test(first);
  return { ...compact({ token: isAlone ? first : undefined }), refusal: UNAUTHORIZED.notBearer };
}

/** Compares with all digests, whichever fits, so that the time taken tells nothing. */
function matchesAny(digest: string, digests: readonly string[]): boolean {
  const given = Buffer.from(digest, 'hex');
  let found = false;
  for (const each of digests) {
    const known = Buffer.from(each.slice('sha256:'.length), 'hex');
    found = (known.length === given.length && timingSafeEqual(known, given)) || found;
  }
  return found;
}
