import { SignJWT } from 'jose';
import { compact } from '../runtime/compact.ts';
import type { TokenClaims } from './account.ts';

/** How long a JWT is good for: longer than any call takes, far below the five minutes that are customary. */
const LIFETIME_SECONDS = 60;

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/**
 * Mints the JWT for the `auth` header: HS256, keyed with the client secret's raw UTF-8 bytes, `appId` = client id.
 * `iat`, `exp` and `jti` are sent unless the tenant switches them off.
 *
 * @param now milliseconds since the epoch
 * @see https://developer.kore.ai/docs/bots/api-guide/apis/ (generating the JWT token)
 */
export function mintToken(
  credentials: Credentials,
  claims: TokenClaims,
  now: number,
  jti: string,
): Promise<string> {
  const seconds = Math.floor(now / 1000);
  return new SignJWT({
    sub: 'agent-provisioner',
    appId: credentials.clientId,
    ...compact({
      iat: claims.iat ? seconds : undefined,
      exp: claims.exp ? seconds + LIFETIME_SECONDS : undefined,
      jti: claims.jti ? jti : undefined,
    }),
  })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(credentials.clientSecret));
}
