import { describe, expect, it } from 'vitest';
import type { TenantSecret } from '../../functions/tenant/secret.ts';
import { checkWithSecret } from '../../functions/tenant/secrets.ts';

const secretWith = (clientId: string): TenantSecret => ({
  clientId,
  clientSecret: 'secret',
  scimTokens: [],
  sources: {},
});
const OLD = secretWith('old');
const NEW = secretWith('new');

/** Checks a credential that only the secret with this client id knows. */
async function check(wanted: string, refreshed: TenantSecret) {
  const looked: string[] = [];
  const secrets = {
    get: async () => OLD,
    refresh: async () => {
      looked.push('refresh');
      return refreshed;
    },
  };
  const isKnown = await checkWithSecret(
    secrets,
    'demo',
    ({ clientId }) => {
      looked.push(clientId);
      return clientId === wanted;
    },
    (isGood) => isGood,
  );
  return { isKnown, looked };
}

describe('a credential that is checked with a secret', () => {
  it('costs no second reading when it fits', async () => {
    expect(await check('old', NEW)).toEqual({ isKnown: true, looked: ['old'] });
  });

  it('fits a secret that was rotated a moment ago', async () => {
    expect(await check('new', NEW)).toEqual({ isKnown: true, looked: ['old', 'refresh', 'new'] });
  });

  it('is looked at once when the secret is the same as before', async () => {
    expect(await check('new', OLD)).toEqual({ isKnown: false, looked: ['old', 'refresh'] });
  });
});
