import { createHash, randomBytes } from 'node:crypto';
import type { Output } from '../output.ts';

/** 256 bits of chance, in letters, digits, - and _. */
const TOKEN_BYTES = 32;

/**
 * `token`: makes a bearer token for an identity provider and says what to put into the tenant's secret. The token is
 * shown this once and kept nowhere; the secret holds only its digest.
 */
export function makeToken(output: Output): void {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const digest = `sha256:${createHash('sha256').update(token, 'utf8').digest('hex')}`;
  output.data({ token, digest });
  output.line('Bearer token, for the identity provider (shown this once):');
  output.line(`  ${token}`);
  output.line('Its digest, to be added to "scimTokens" in the tenant\'s secret:');
  output.line(`  ${digest}`);
}
