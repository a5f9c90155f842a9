import type { FetchImplementation, JWTPayload, JWTVerifyGetKey } from 'jose';
import type { Clock } from '../../runtime/clock.ts';
import { isCompactJws, keySetOf } from '../../runtime/jws.ts';
import { type Transport, TransportError } from '../../runtime/transport.ts';
import type { JwtSettings } from '../../tenant/scim.ts';
import { ScimError, unauthorized } from './error.ts';

/** Clocks of others may differ from ours by so much. */
const CLOCK_TOLERANCE_SECONDS = 60;
/** Issuers date a token back by some minutes, for clocks that are late. */
const LIFE_TOLERANCE_SECONDS = 600;
const KEYS_TIMEOUT_MS = 3_000;
/** For how long an issuer that gave no keys isn't asked again. */
const FAILED_MS = 10_000;

/** A token that was let in, and on what terms. */
export interface TrustedToken {
  readonly settings: JwtSettings;
  readonly claims: JWTPayload;
}

/** Verifies JSON Web Tokens against the authorization servers that a tenant trusts. */
export interface JwtVerifier {
  /**
   * @throws ScimError 401 for a token that isn't good, 503 when the keys to tell can't be had
   */
  verify(token: string): Promise<TrustedToken>;
}

/** Whether a bearer token is a JSON Web Signature by its looks: the first part begins as a JSON object does. */
export function looksLikeJwt(token: string): boolean {
  return token.startsWith('eyJ') && isCompactJws(token);
}

/**
 * Issuer, audience and algorithms are pinned by the tenant's settings, and nothing that a token says of itself picks a
 * key's address. `jose` and the key sets are loaded by the first token: most tenants have none.
 */
export function openJwtVerifier(
  trusted: readonly JwtSettings[],
  { transport, clock }: { readonly transport: Transport; readonly clock: Clock },
): JwtVerifier {
  const keySets = new Map<string, JWTVerifyGetKey>();

  const keysAt = async (address: string): Promise<JWTVerifyGetKey> => {
    const { createRemoteJWKSet, customFetch } = await import('jose/jwks/remote');
    const known = keySets.get(address);
    if (known !== undefined) return known;
    const keySet = createRemoteJWKSet(new URL(address), {
      timeoutDuration: KEYS_TIMEOUT_MS,
      [customFetch]: fetchOver(transport, clock),
    });
    keySets.set(address, keySet);
    return keySet;
  };

  return {
    async verify(token) {
      const { decodeJwt } = await import('jose/jwt/decode');
      const { jwtVerify } = await import('jose/jwt/verify');
      const issuer = issuerOf(() => decodeJwt(token));
      const settings = trusted.find((each) => issuer !== undefined && each.issuer.includes(issuer));
      if (settings === undefined) throw unauthorized();
      const { keys, audience, algorithms } = settings;
      const keySet = await keysAt(keys);
      const verified = await jwtVerify(token, keySet, {
        issuer: settings.issuer,
        audience,
        algorithms,
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: new Date(clock.now()),
        requiredClaims: ['exp'],
      }).catch((error: Error & { code?: unknown; claim?: string }) => {
        throw rejection(error);
      });
      const missing = Object.entries(settings.claims).find(
        ([name, wanted]) => !hasClaim(verified.payload[name], wanted),
      );
      if (missing !== undefined)
        throw unauthorized(`The token's ${missing[0]} is not the one that is needed.`);
      assertAccessToken(verified.protectedHeader.typ, verified.payload, settings);
      assertShortLived(verified.payload, settings, clock.now() / 1_000);
      return { settings, claims: verified.payload };
    },
  };
}

/**
 * An ID token has the signature, issuer and, where the client's id is the audience, the audience of an access token; it
 * tells a client who signed in, and opens nothing. Only RFC 9068 tells the two apart by a type; else the tenant's settings
 * have to name a claim.
 */
function assertAccessToken(
  type: string | undefined,
  payload: JWTPayload,
  { claims, isForAccessAlone }: JwtSettings,
): void {
  if (/^(application\/)?at\+jwt$/i.test(type ?? '')) return;
  const isAccepted = isForAccessAlone || Object.keys(claims).length > 0;
  if (isAccepted && !isIdToken(payload)) return;
  throw unauthorized(
    'The token is not known to be an access token: its header needs the typ "at+jwt" (RFC 9068), or the claims of ' +
      'scim.jwt a claim that access tokens alone have. An ID token opens nothing.',
  );
}

/** Digests of what was given out with it (OpenID Connect Core 3.3.2.11), and how Keycloak and Cognito call it. */
function isIdToken({ at_hash, c_hash, s_hash, typ, token_use }: JWTPayload): boolean {
  return (
    [at_hash, c_hash, s_hash].some((digest) => digest !== undefined) || typ === 'ID' || token_use === 'id'
  );
}

/** A token can't be taken back, so it has to end by itself. */
function assertShortLived({ iat, exp = 0 }: JWTPayload, { longestLife }: JwtSettings, now: number): void {
  const longest = longestLife + LIFE_TOLERANCE_SECONDS;
  if (exp - now <= longest && (typeof iat !== 'number' || exp - iat <= longest)) return;
  throw unauthorized(
    `The token is good for too long: its exp may be ${longestLife / 3_600} hours behind its iat and from now on (scim.jwt, longestLife).`,
  );
}

function issuerOf(decode: () => JWTPayload): string | undefined {
  try {
    return decode().iss;
  } catch {
    return undefined;
  }
}

/** A claim as text, in a list, or (scope) among words. */
function hasClaim(claim: unknown, wanted: string): boolean {
  if (Array.isArray(claim)) return claim.includes(wanted);
  return typeof claim === 'string' && (claim === wanted || claim.split(' ').includes(wanted));
}

/** What `jose` says, for a caller who holds a signed token: nothing is told of a token that isn't. */
function rejection(error: Error & { readonly code?: unknown; readonly claim?: string }): ScimError {
  if (error instanceof TransportError) return keysUnavailable();
  const { code, claim } = error;
  switch (code) {
    case 'ERR_JWT_EXPIRED':
      return unauthorized('The token has expired.');
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      return unauthorized(`The token's ${claim} is not the one that is needed.`);
    case 'ERR_JWKS_TIMEOUT':
    case 'ERR_JWKS_INVALID':
    case 'ERR_JOSE_GENERIC':
      return keysUnavailable();
    default:
      // Among them a key of the set that can't be imported, or is too short: the token names it by its `kid`.
      return unauthorized();
  }
}

/** Not the token's fault: with a 401 an identity provider would ask its administrator for other credentials. */
function keysUnavailable(): ScimError {
  return new ScimError(503, "The issuer's keys could not be read, so the token can't be verified now.", {
    headers: { 'retry-after': '30' },
  });
}

/** As much of `fetch` as `jose` uses, over the transport that everything goes over. */
function fetchOver(transport: Transport, clock: Clock): FetchImplementation {
  let failedAt = Number.NEGATIVE_INFINITY;
  return async (url, { method, headers }) => {
    // Each token would else be a call to an issuer that doesn't answer.
    if (clock.now() - failedAt < FAILED_MS) {
      throw new TransportError('connection', false, 'the keys could not be read a moment ago');
    }
    failedAt = clock.now();
    const response = await transport({
      method,
      url,
      headers: Object.fromEntries(headers.entries()),
      timeoutMs: KEYS_TIMEOUT_MS,
    });
    const keySet = response.status === 200 ? keySetOf(response.body) : undefined;
    if (keySet !== undefined) failedAt = Number.NEGATIVE_INFINITY;
    return { status: response.status, json: async () => keySet } as Response;
  };
}
