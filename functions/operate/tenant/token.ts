import { createHash, randomBytes } from 'node:crypto';

/** A bearer token for an identity provider; the tenant's secret holds only its digest. */
export interface NewToken {
  readonly token: string;
  /** `sha256:` and 64 hexadecimal digits. */
  readonly digest: string;
}

/** 256 bits of chance, in letters, digits, - and _. */
const TOKEN_BYTES = 32;

export function newToken(): NewToken {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  return { token, digest: `sha256:${createHash('sha256').update(token, 'utf8').digest('hex')}` };
}
