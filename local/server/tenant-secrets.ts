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

/** A line about secrets that no source takes, because their name is misspelt; undefined where there are none. */
export function unmeantText({ tenants }: Configuration, options: LocalOptions): string | undefined {
  const sources = new Set(Object.values(tenants).flatMap((tenant) => Object.keys(tenant.sources)));
  const given = Object.keys(options.sourceSecrets ?? {});
  const unmeant = given.filter((name) => !sources.has(name.split('.', 1)[0] ?? name));
  if (unmeant.length === 0) return undefined;
  const there = sources.size === 0 ? 'there are none' : `there are ${[...sources].join(', ')}`;
  return `SOURCE_SECRETS has ${unmeant.join(', ')}, and ${options.configurationFile} has no such source; ${there}`;
}

function digest(token: string): string {
  return `sha256:${createHash('sha256').update(token, 'utf8').digest('hex')}`;
}
