import { decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import { ACCESS, APPS, type App } from './access.ts';
import { Rejection } from './answer.ts';
import type { Behaviour } from './behaviour.ts';
import type { Operation } from './route.ts';

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** How far the two clocks may be apart, in seconds. */
const SKEW = 60;

/** Claims of the web SDK's token, which is another flow: a server token that carries one is a mistake. */
const FOREIGN_CLAIMS = ['iss', 'aud', 'isAnonymous'];

/**
 * Checks the `auth` header's JWT as SmartAssist documents it: HS256 over the raw bytes of the client secret, `appId` the
 * client id to the letter, `sub` any text. Throws the one refusal that SmartAssist has for every bad token.
 */
export class TokenCheck {
  readonly #apps: Readonly<Record<App, () => readonly Credentials[]>>;
  #usedIds = new Set<string>();

  constructor(apps: Readonly<Record<App, () => readonly Credentials[]>>) {
    this.#apps = apps;
  }

  /** Takes a token of the app that the operation belongs to, with the operation's scope. */
  async verify(
    token: string | undefined,
    now: number,
    operation: Operation,
    { jti, wrongApp, missingScope, withoutScopes }: Behaviour,
  ): Promise<void> {
    const { app, scope } = ACCESS[operation];
    const signed = token === undefined ? undefined : await this.#signedBy(token, now);
    if (signed === undefined || !areDocumented(signed.claims, now) || !this.#hasGoodId(signed.claims, jti)) {
      throw new Rejection(401, 'Invalid SDK credentials', 4002);
    }
    if (signed.app !== app) throw new Rejection(wrongApp.status, wrongApp.message, wrongApp.code);
    if (withoutScopes.includes(scope)) throw new Rejection(missingScope.status, missingScope.message);
  }

  reset(): void {
    this.#usedIds.clear();
  }

  /** Two secrets may be good at the same time, while one is being rotated. */
  async #signedBy(token: string, now: number): Promise<{ app: App; claims: JWTPayload } | undefined> {
    const appId = appIdOf(token);
    const candidates = APPS.flatMap((app) => this.#apps[app]().map((each) => ({ app, ...each })));
    for (const { app, clientSecret } of candidates.filter(({ clientId }) => clientId === appId)) {
      try {
        const { payload } = await jwtVerify(token, new TextEncoder().encode(clientSecret), {
          algorithms: ['HS256'],
          currentDate: new Date(now),
          clockTolerance: SKEW,
        });
        return { app, claims: payload };
      } catch {
        // Why a token is bad is not told apart, as in the real service.
      }
    }
    return undefined;
  }

  #hasGoodId({ jti }: JWTPayload, rule: Behaviour['jti']): boolean {
    if (rule === 'optional') return true;
    if (typeof jti !== 'string' || jti === '') return false;
    if (rule === 'required') return true;
    if (this.#usedIds.has(jti)) return false;
    this.#usedIds.add(jti);
    return true;
  }
}

function areDocumented(claims: JWTPayload, now: number): boolean {
  if (typeof claims.sub !== 'string' || claims.sub === '') return false;
  if (FOREIGN_CLAIMS.some((claim) => claim in claims)) return false;
  return claims.iat === undefined || claims.iat <= now / 1000 + SKEW;
}

function appIdOf(token: string): unknown {
  try {
    return decodeJwt(token).appId;
  } catch {
    return undefined;
  }
}
