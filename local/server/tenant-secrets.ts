import { createHash } from 'node:crypto';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import { SECRET_KINDS, secretName, secretsPrefix } from '../../functions/tenant/secrets/secret-name.ts';
import { keptKey, newKey } from '../data/kept-key.ts';
import { DEMO_ADMIN, DEMO_CLIENT } from '../demo-apps.ts';
import type { LocalOptions } from './options.ts';

export const SECRETS_PREFIX = secretsPrefix('local');

/** The tenants' secrets by their names: all have the same. */
export function secretsOf({ tenants }: Configuration, options: LocalOptions): Map<string, string> {
  const { client = DEMO_CLIENT, admin = DEMO_ADMIN } = options;
  const smartassist = { ...client, ...(admin === null ? {} : { admin }) };
  const door = {
    scimTokens: [digest(options.scimToken)],
    sources: options.sourceSecrets ?? {},
    keys: [options.dataDir === undefined ? newKey() : keptKey(options.dataDir)],
  };
  const values = { door, smartassist };
  return new Map(
    Object.keys(tenants).flatMap((name) =>
      SECRET_KINDS.map(
        (kind) => [secretName(SECRETS_PREFIX, name, kind), JSON.stringify(values[kind])] as const,
      ),
    ),
  );
}

function digest(token: string): string {
  return `sha256:${createHash('sha256').update(token, 'utf8').digest('hex')}`;
}
