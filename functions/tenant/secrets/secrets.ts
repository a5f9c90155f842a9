import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../runtime/clock.ts';
import { type Log, silentLog } from '../../runtime/log.ts';
import { type Metrics, silentMetrics } from '../../runtime/metrics.ts';
import { once } from '../../runtime/once.ts';
import { type KeptSecret, keepSecret } from './kept-secret.ts';
import { type DoorSecret, readSecret, readSingleSecret, type SecretValues } from './secret.ts';
import { SecretError } from './secret-error.ts';
import { type SecretKind, type SecretOwner, secretName } from './secret-name.ts';

export type { DoorSecret, SecretValues, SmartAssistSecret } from './secret.ts';

export interface Secrets {
  /** A tenant's secret, at most five minutes old while Secrets Manager answers. Rejects with a `SecretError`. */
  get<Kind extends SecretKind>(kind: Kind, owner: SecretOwner): Promise<SecretValues[Kind]>;
  /**
   * The secret anew, for when what it holds was refused: a rotated secret works at once. Asks Secrets Manager at most
   * every 30 seconds a secret; in between the answer is what is known already.
   */
  refresh<Kind extends SecretKind>(kind: Kind, owner: SecretOwner): Promise<SecretValues[Kind]>;
}

/**
 * Checks something against the secret `door`, and once more against the secret fetched anew where it does not fit: a
 * secret that was rotated a moment ago works at once.
 *
 * @param isGood whether the result needs no second look; what no secret can mend needs none either
 */
export async function checkWithSecret<Result>(
  secrets: Secrets,
  owner: SecretOwner,
  check: (secret: DoorSecret) => Result | Promise<Result>,
  isGood: (result: Result) => boolean,
): Promise<Result> {
  const known = await secrets.get('door', owner);
  const result = await check(known);
  if (isGood(result)) return result;
  const newer = await secrets.refresh('door', owner);
  return newer === known ? result : check(newer);
}

export interface SecretsOptions {
  readonly client: Pick<SecretsManagerClient, 'send'>;
  readonly clock: Clock;
  /** What the names of this stage's secrets begin with. */
  readonly prefix: string;
  readonly metrics?: Metrics;
  readonly log?: Log;
}

const HOUR_MS = 60 * 60_000;

/**
 * How long the last value is used while Secrets Manager errs. A token that was taken out must not open the door for longer
 * than an hour; a client secret that was made anew is refused by SmartAssist itself.
 */
const STALE_MS: Readonly<Record<SecretKind, number>> = { door: HOUR_MS, smartassist: 12 * HOUR_MS };

const FORMS: Readonly<Record<SecretKind | 'single', string>> = {
  door: '{"scimTokens", "sources", "keys", "console"}',
  smartassist: '{"clientId", "clientSecret", "admin"}',
  single: '{"clientId", "clientSecret", "scimTokens", "sources"}',
};

/** Reads tenants' secrets from Secrets Manager and caches them, with one request in flight a secret. */
export function openSecrets(options: SecretsOptions): Secrets {
  const { client, clock, prefix, metrics = silentMetrics, log = silentLog } = options;
  const kept = new Map<string, KeptSecret<SecretValues[SecretKind]>>();

  /** Its own secret, or else the single one that the tenant has from 0.1.0. */
  const placesOf = (kind: SecretKind, owner: SecretOwner) => {
    const own = secretName(prefix, owner.name, kind);
    const { secret: single } = owner.tenant.smartassist;
    const places = [{ name: own, parse: (text: string) => parseSecret(kind, own, text) }];
    if (single === undefined) return places;
    const warn = once(() =>
      log.warn('a single secret is read, which the next version will not do', {
        tenant: owner.name,
        secret: single,
        instead: own,
      }),
    );
    const parse = (text: string) => {
      warn();
      return parseSecret('single', single, text);
    };
    return [...places, { name: single, parse }];
  };
  const keep = (kind: SecretKind, owner: SecretOwner) =>
    keepSecret({
      client,
      clock,
      places: placesOf(kind, owner),
      onFailure: (error, ageMs) => {
        metrics.count('SecretUnusable', { reason: ageMs === undefined ? error.code : 'secret-stale' });
        if (ageMs === undefined) return;
        const minutes = Math.floor(ageMs / 60_000);
        log.warn('the last value of a secret is used', { reason: error.message, minutes });
      },
    });
  const read =
    (how: 'get' | 'refresh'): Secrets['get'] =>
    async <Kind extends SecretKind>(kind: Kind, owner: SecretOwner) => {
      const key = `${secretName(prefix, owner.name, kind)} ${owner.tenant.smartassist.secret}`;
      const found = kept.get(key) ?? keep(kind, owner);
      kept.set(key, found);
      // The key says the kind, and a single secret is of both.
      return (await found[how](STALE_MS[kind])) as SecretValues[Kind];
    };
  return { get: read('get'), refresh: read('refresh') };
}

function parseSecret(form: keyof typeof FORMS, name: string, text: string): SecretValues[SecretKind] {
  const json = parseJson(text);
  const read = form === 'single' ? readSingleSecret(json) : readSecret(form, json);
  if ('secret' in read) return read.secret;
  const where = read.wrong.join(', ');
  throw new SecretError(
    'secret-malformed',
    `secret ${name} is not the JSON object ${FORMS[form]}: look at ${where}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
