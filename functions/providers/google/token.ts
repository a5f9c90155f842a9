import { sign } from 'node:crypto';
import { type FetchContext, FetchError } from '../../sources/fetcher.ts';
import { credential, option } from '../../sources/option.ts';

const USERS = 'https://www.googleapis.com/auth/admin.directory.user';
/** Asked for by itself: where it isn't delegated, people are read all the same. */
export const GROUPS = 'https://www.googleapis.com/auth/admin.directory.group.readonly';

/**
 * An access token of a service account that may read the directory in an administrator's name (`fetch.administrator`);
 * the credential is the account's key file. @see https://developers.google.com/identity/protocols/oauth2/service-account
 */
export function googleToken(context: FetchContext, scope = USERS): Promise<string> {
  return context.token(scope === USERS ? 'google' : scope, async () => {
    const key = keyFileOf(credential(context));
    const url = option(context, 'tokenUrl', key.token_uri ?? 'https://oauth2.googleapis.com/token');
    const now = Math.floor(context.now() / 1_000);
    const claims = { scope, iss: key.client_email, sub: option(context, 'administrator'), aud: url };
    const assertion = signedToken({ ...claims, iat: now, exp: now + 3_600 }, key.private_key);
    const { body } = await context.call({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({
        grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
        assertion,
      }).toString(),
    });
    const value = body.text('access_token');
    if (value === undefined) throw new FetchError('the token endpoint answered without a token');
    return { value, expiresInSeconds: body.number('expires_in') ?? 300 };
  });
}

interface KeyFile {
  readonly client_email: string;
  readonly private_key: string;
  readonly token_uri?: string;
}

/** What is wrong with it is said without it: an error of JSON.parse would quote it. */
function keyFileOf(text: string): KeyFile {
  let key: Partial<KeyFile> | null = null;
  try {
    key = JSON.parse(text);
  } catch {}
  if (typeof key?.client_email === 'string' && typeof key.private_key === 'string') return key as KeyFile;
  throw new FetchError('the credential is not the key file of a service account, as JSON', {
    isPermanent: true,
  });
}

/** A token signed with RS256 (RFC 7515). Without a library: its reading of keys would be a part of the drain's size. */
function signedToken(claims: object, privateKey: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const content = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`;
}
