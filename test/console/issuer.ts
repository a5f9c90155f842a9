import { createHash, randomUUID } from 'node:crypto';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

/** An identity provider as OpenID Connect Core 1.0 and RFC 7636 have it, in which one person signs in at once. */
export interface Issuer {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Claims of the person who signs in; what changes between sign-ins. */
  claims: Record<string, unknown>;
  /** What the ID token says instead of what is right. */
  wrong: Record<string, unknown>;
  /** Signs the token with a key that the issuer doesn't publish. */
  isForged: boolean;
  readonly tokensAsked: string[];
  close(): Promise<void>;
}

export async function openIssuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const { privateKey: another } = await generateKeyPair('ES256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' };
  const codes = new Map<string, URLSearchParams>();
  const json = (answer: http.ServerResponse, status: number, body: unknown) => {
    answer.writeHead(status, { 'content-type': 'application/json' });
    answer.end(JSON.stringify(body));
  };
  const server = http.createServer(async (request, answer) => {
    const url = new URL(request.url ?? '/', issuer.url);
    if (url.pathname === '/.well-known/openid-configuration') {
      return json(answer, 200, {
        issuer: issuer.url,
        authorization_endpoint: `${issuer.url}/authorize`,
        token_endpoint: `${issuer.url}/token`,
        jwks_uri: `${issuer.url}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['ES256'],
        code_challenge_methods_supported: ['S256'],
      });
    }
    if (url.pathname === '/keys') return json(answer, 200, { keys: [jwk] });
    if (url.pathname === '/authorize') {
      const code = randomUUID();
      codes.set(code, url.searchParams);
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      back.searchParams.set('code', code);
      back.searchParams.set('state', url.searchParams.get('state') ?? '');
      answer.writeHead(303, { location: back.href }).end();
      return;
    }
    if (url.pathname !== '/token') return json(answer, 404, {});
    issuer.tokensAsked.push(request.headers.authorization ?? '');
    const form = new URLSearchParams(await text(request));
    const asked = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    // RFC 6749 section 2.3.1: both in the form of a form.
    const encoded = [issuer.clientId, issuer.clientSecret].map((each) =>
      new URLSearchParams({ each }).toString().slice(5),
    );
    const basic = `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`;
    if (request.headers.authorization !== basic) return json(answer, 401, { error: 'invalid_client' });
    if (
      asked === undefined ||
      asked.get('code_challenge') !== challenge ||
      asked.get('redirect_uri') !== form.get('redirect_uri')
    )
      return json(answer, 400, { error: 'invalid_grant' });
    const now = Math.floor(Date.now() / 1_000);
    const token = await new SignJWT({
      iss: issuer.url,
      aud: issuer.clientId,
      iat: now,
      exp: now + 300,
      nonce: asked.get('nonce'),
      auth_time: now,
      ...issuer.claims,
      ...issuer.wrong,
    })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
      .sign(issuer.isForged ? another : privateKey);
    json(answer, 200, { access_token: 'a', token_type: 'Bearer', expires_in: 300, id_token: token });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer: Issuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    clientId: 'console',
    clientSecret: 'secret of the console',
    claims: { sub: 'u1', email: 'grace@example.com', groups: ['everyone', 'cc-admins'] },
    wrong: {},
    isForged: false,
    tokensAsked: [],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return issuer;
}
