import * as oauth from 'oauth4webapi';
import { compact } from '../../runtime/compact.ts';
import type { ConsoleSettings } from '../../tenant/operators/console.ts';
import type { DoorSecret } from '../../tenant/secrets/secrets.ts';

/** What a sign-in under way has to be held to when the browser comes back. */
export interface SignIn {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Seconds: the operator has to have proved itself so lately; absent for any time. */
  readonly maxAge?: number;
}

/** Who the issuer says came back. */
export type Claims = Readonly<Record<string, unknown>> & {
  readonly sub: string;
  readonly auth_time?: number;
};

const PATIENCE_MS = 10_000;

const options = ({ issuer }: ConsoleSettings) => ({
  signal: () => AbortSignal.timeout(PATIENCE_MS),
  // The configuration takes http:// for this machine alone.
  [oauth.allowInsecureRequests]: issuer.startsWith('http:'),
});

/** The issuer's endpoints (OpenID Connect Discovery 1.0). */
export async function discover(settings: ConsoleSettings): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(settings.issuer);
  const answer = await oauth.discoveryRequest(issuer, { algorithm: 'oidc', ...options(settings) });
  return oauth.processDiscoveryResponse(issuer, answer);
}

/** Where the browser goes to sign in: code flow with PKCE (RFC 7636), S256. */
export async function signInAddress(
  { authorization_endpoint: endpoint = '' }: oauth.AuthorizationServer,
  { clientId }: ConsoleSettings,
  redirectUri: string,
  { state, nonce, verifier, maxAge }: SignIn,
): Promise<string> {
  const address = new URL(endpoint);
  const query = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope: 'openid profile email',
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
  if (maxAge !== undefined) address.searchParams.set('max_age', String(maxAge));
  return address.href;
}

export function newSignIn(maxAge: number | undefined): SignIn {
  const known = {
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    verifier: oauth.generateRandomCodeVerifier(),
  };
  return { ...known, ...compact({ maxAge }) };
}

/**
 * Exchanges the code that the browser brought for an ID token, and checks it.
 *
 * @throws Error for an answer that is not to this sign-in, or that the issuer refuses
 */
export async function finishSignIn(
  server: oauth.AuthorizationServer,
  settings: ConsoleSettings,
  secret: Pick<DoorSecret, 'console'>,
  visited: { readonly address: URL; readonly redirectUri: string },
  { state, nonce, verifier, maxAge }: SignIn,
): Promise<Claims> {
  const client: oauth.Client = { client_id: settings.clientId };
  const params = oauth.validateAuthResponse(server, client, visited.address, state);
  const answer = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    await authentication(server, secret),
    params,
    visited.redirectUri,
    verifier,
    options(settings),
  );
  const result = await oauth.processAuthorizationCodeResponse(server, client, answer, {
    expectedNonce: nonce,
    requireIdToken: true,
    ...compact({ maxAge }),
  });
  await oauth.validateApplicationLevelSignature(server, answer, options(settings));
  const claims = oauth.getValidatedIdTokenClaims(result);
  if (claims === undefined) throw new Error('the issuer sent no ID token');
  return claims as Claims;
}

async function authentication(
  { token_endpoint_auth_methods_supported: methods }: oauth.AuthorizationServer,
  { console: own }: Pick<DoorSecret, 'console'>,
): Promise<oauth.ClientAuth> {
  if (own?.privateKey !== undefined) {
    const { importJWK } = await import('jose');
    const { alg = 'RS256', kid } = own.privateKey as { alg?: string; kid?: string };
    const key = (await importJWK(own.privateKey as object, alg)) as oauth.CryptoKey;
    return oauth.PrivateKeyJwt(kid === undefined ? key : { key, kid });
  }
  if (own?.clientSecret === undefined) return oauth.None();
  const isPostAlone = methods?.includes('client_secret_post') && !methods.includes('client_secret_basic');
  return isPostAlone ? oauth.ClientSecretPost(own.clientSecret) : oauth.ClientSecretBasic(own.clientSecret);
}
