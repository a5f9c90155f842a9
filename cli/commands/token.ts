import { newToken } from '../../functions/operate/tenant/token.ts';
import type { Output } from '../output.ts';

/**
 * `token`: makes a bearer token for an identity provider and says what to put into the tenant's secret. The token is
 * shown this once and kept nowhere; the secret holds only its digest.
 */
export function makeToken(output: Output): void {
  const { token, digest } = newToken();
  output.data({ token, digest });
  output.line('Bearer token, for the identity provider (shown this once):');
  output.line(`  ${token}`);
  output.line('Its digest, to be added to "scimTokens" in the tenant\'s secret:');
  output.line(`  ${digest}`);
}
