import { createHash, timingSafeEqual } from 'node:crypto';
import type { JSONWebKeySet, JWTPayload, JWTVerifyOptions } from 'jose';
import { jsonView } from '../../events/json-view.ts';
import { compact } from '../../runtime/compact.ts';
import { decode } from '../../runtime/encoding.ts';
import { isCompactJws } from '../../runtime/jws.ts';
import { Rejection, type RejectionCode } from '../rejection.ts';
import type { WebhookRequest } from '../request.ts';
import type { JwtVerifier, Terms, Verdict } from './verifier.ts';

const CLOCK_TOLERANCE_SECONDS = 60;

/**
 * Verifies a JSON Web Token that comes in a header or as the body. With a claim that holds the body's digest the body is
 * signed; without one the token says who calls and nothing more.
 */
export async function verifyJwt(
  verifier: JwtVerifier,
  request: WebhookRequest,
  terms: Terms,
): Promise<Verdict> {
  const { header, bodyHash } = verifier;
  const found = header === undefined ? request.body.toString('utf8').trim() : request.headers[header]?.trim();
  const token = verifier.scheme === 'bearer' ? /^Bearer +(\S+)$/i.exec(found ?? '')?.[1] : found;
  if (token === undefined || token === '') {
    return refused(
      'no-signature',
      `There is no token in ${header === undefined ? 'the body' : `the header ${header}`}.`,
    );
  }
  if (!isCompactJws(token)) {
    return refused('malformed-signature', 'What should be a signed token is none.');
  }
  const claims = await claimsOf(token, verifier, terms);
  if (claims instanceof Rejection) return { ok: false, rejection: claims };
  if (bodyHash !== undefined && !fitsBody(claims.payload[bodyHash.claim], bodyHash.encoding, request.body)) {
    return refused('body-changed', `The body is not the one that the token's ${bodyHash.claim} is of.`);
  }
  const isBound = header === undefined || bodyHash !== undefined;
  return {
    ok: true,
    trust: isBound ? 'signed' : 'caller',
    ...compact({
      secret: claims.secret,
      claims: header === undefined ? claims.payload : undefined,
      id: typeof claims.payload.jti === 'string' ? claims.payload.jti : undefined,
    }),
  };
}

interface Claims {
  readonly payload: JWTPayload;
  readonly secret?: number;
}

async function claimsOf(token: string, verifier: JwtVerifier, terms: Terms): Promise<Claims | Rejection> {
  // Loaded by the first token: most sources have none.
  const { jwtVerify } = await import('jose/jwt/verify');
  const typ = verifier.isTypOptional === true && !hasTyp(token) ? undefined : verifier.typ;
  const options: JWTVerifyOptions = {
    algorithms: [...verifier.algorithms],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    currentDate: new Date(terms.now),
    ...compact({
      issuer: verifier.issuer,
      audience: verifier.audience,
      typ,
      requiredClaims: verifier.requireExp ? ['exp'] : undefined,
    }),
  };
  if ('secret' in verifier.keys) {
    const secrets = terms.secrets.filter((secret) => secret !== '');
    let rejection = new Rejection('no-secret', 'No secret is stored for this source.');
    for (const [secret, text] of secrets.entries()) {
      try {
        const { payload } = await jwtVerify(token, Buffer.from(text, 'utf8'), options);
        return { payload, secret };
      } catch (error) {
        rejection = refusalOf(error);
      }
    }
    return rejection;
  }
  const { jwksUri } = verifier.keys;
  const { createLocalJWKSet } = await import('jose/jwks/local');
  const check = async (keys: JSONWebKeySet): Promise<Claims | Rejection> => {
    try {
      return await jwtVerify(token, createLocalJWKSet(keys), options);
    } catch (error) {
      return refusalOf(error);
    }
  };
  // Keys that can't be read are our own failure; what a key set that was read makes of the token is the token's.
  const verdict = await check(await terms.keys.get(jwksUri));
  if (!(verdict instanceof Rejection) || verdict.code !== 'unknown-key') return verdict;
  // A key that was published a moment ago.
  return check(await terms.keys.refresh(jwksUri));
}

/**
 * jose's errors carry stable codes. A key of the set that can't be imported, or is too short, is an error of the runtime:
 * the token names it by its `kid`, so it is refused, and not answered as a failure that is to be repeated.
 */
function refusalOf(error: unknown): Rejection {
  const { code, claim } = error as { code?: unknown; claim?: string };
  switch (code) {
    case 'ERR_JWT_EXPIRED':
      return new Rejection('expired', 'The token has expired.');
    case 'ERR_JWKS_NO_MATCHING_KEY':
    case 'ERR_JWKS_MULTIPLE_MATCHING_KEYS':
    case 'ERR_JWKS_INVALID':
    case 'ERR_JWK_INVALID':
    case 'ERR_JOSE_NOT_SUPPORTED':
      return new Rejection('unknown-key', 'The token is signed by a key that the issuer does not publish.');
    case 'ERR_JWT_CLAIM_VALIDATION_FAILED':
      if (claim === 'iss') return new Rejection('wrong-issuer', 'The token is from another issuer.');
      if (claim === 'aud') return new Rejection('wrong-audience', 'The token is for another audience.');
      return new Rejection('bad-signature', `The token's ${claim} is missing or not as it should be.`);
    default:
      return typeof code === 'string' && code.startsWith('ERR_J')
        ? new Rejection('bad-signature', "The token's signature does not fit.")
        : new Rejection('unknown-key', 'The token is signed by a key that can not be used.');
  }
}

/** Whether the header, which the signature covers, has a `typ`; one that isn't read is refused by the verification. */
function hasTyp(token: string): boolean {
  const [header = ''] = token.split('.');
  try {
    return jsonView(JSON.parse(Buffer.from(header, 'base64url').toString('utf8'))).has('typ');
  } catch {
    return true;
  }
}

function fitsBody(claim: unknown, encoding: 'hex' | 'base64', body: Buffer): boolean {
  const given = typeof claim === 'string' ? decode(claim, encoding) : undefined;
  const digest = createHash('sha256').update(body).digest();
  return given?.length === digest.length && timingSafeEqual(given, digest);
}

const refused = (code: RejectionCode, message: string): Verdict => ({
  ok: false,
  rejection: new Rejection(code, message),
});
