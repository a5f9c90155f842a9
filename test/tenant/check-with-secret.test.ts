import { describe, expect, it } from 'vitest';
import type { DoorSecret } from '../../functions/tenant/secrets/secret.ts';
import { checkWithSecret, type Secrets } from '../../functions/tenant/secrets/secrets.ts';

const secretWith = (token: string): DoorSecret => ({ scimTokens: [token], sources: {}, keys: [] });
const OWNER = { name: 'demo', tenant: { smartassist: {} } };
const OLD = secretWith('old');
const NEW = secretWith('new');

/** Checks a credential that only the secret with this token knows. */
async function check(wanted: string, refreshed: DoorSecret) {
  const looked: string[] = [];
  const secrets = {
    get: async () => OLD,
    refresh: async () => {
      looked.push('refresh');
      return refreshed;
    },
  } as unknown as Secrets;
  const isKnown = await checkWithSecret(
    secrets,
    OWNER,
    ({ scimTokens: [token = ''] }) => {
      looked.push(token);
      return token === wanted;
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
