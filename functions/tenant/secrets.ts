import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../runtime/clock.ts';
import { type Metrics, silentMetrics } from '../runtime/metrics.ts';
import { readSecret, type TenantSecret } from './secret.ts';

export type { TenantSecret } from './secret.ts';

/** A secret that can't be used. The message names the secret and the reason and never quotes what the secret holds. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
  readonly code: 'secret-missing' | 'secret-malformed' | 'secret-unreadable';

  constructor(code: SecretError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export interface Secrets {
  /** The secret, at most five minutes old. Rejects with a `SecretError`. */
  get(name: string): Promise<TenantSecret>;
  /**
   * The secret anew, for when what it holds was refused: a rotated secret works at once. Asks Secrets Manager at most
   * every 30 seconds a secret; in between the answer is what is known already.
   */
  refresh(name: string): Promise<TenantSecret>;
}

/**
 * Checks something against a secret, and once more against the secret fetched anew where it does not fit: a secret that
 * was rotated a moment ago works at once.
 *
 * @param isGood whether the result needs no second look; what no secret can mend needs none either
 */
export async function checkWithSecret<Result>(
  secrets: Secrets,
  name: string,
  check: (secret: TenantSecret) => Result | Promise<Result>,
  isGood: (result: Result) => boolean,
): Promise<Result> {
  const known = await secrets.get(name);
  const result = await check(known);
  if (isGood(result)) return result;
  const newer = await secrets.refresh(name);
  return newer === known ? result : check(newer);
}

const MAX_AGE_MS = 5 * 60_000;
const REFRESH_INTERVAL_MS = 30_000;
/** A failure is remembered this long, so that a flood of requests doesn't become a flood of calls. */
const FAILURE_AGE_MS = 2_000;

interface Entry {
  readonly result: Promise<TenantSecret>;
  state: 'pending' | 'good' | 'failed';
  /** Epoch milliseconds until which the result is used; a pending one is until it is there. */
  freshUntil: number;
}

/**
 * Reads tenants' secrets from Secrets Manager, caches them, and has one request in flight a secret.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export function openSecrets(
  client: SecretsManagerClient,
  clock: Clock,
  metrics: Metrics = silentMetrics,
): Secrets {
  const entries = new Map<string, Entry>();
  const refreshes = new Map<string, { readonly at: number; readonly entry: Entry }>();

  const fetchAnew = (name: string): Entry => {
    const at = clock.now();
    const entry: Entry = {
      result: fetchSecret(client, name),
      state: 'pending',
      freshUntil: Number.POSITIVE_INFINITY,
    };
    const keep = (state: Entry['state'], freshUntil: number) => Object.assign(entry, { state, freshUntil });
    entry.result.then(
      () => keep('good', at + MAX_AGE_MS),
      (error: unknown) => {
        keep('failed', clock.now() + FAILURE_AGE_MS);
        metrics.count('SecretUnusable', { reason: error instanceof SecretError ? error.code : 'unknown' });
      },
    );
    return entry;
  };
  const freshEntry = (name: string): Entry | undefined => {
    const entry = entries.get(name);
    return entry !== undefined && clock.now() < entry.freshUntil ? entry : undefined;
  };

  const get = (name: string) => {
    const entry = freshEntry(name) ?? fetchAnew(name);
    entries.set(name, entry);
    return entry.result;
  };
  return {
    get,
    refresh: (name) => {
      const last = refreshes.get(name);
      // A caller that comes while the secret is being fetched anew waits for it: what is known was refused already.
      if (last?.entry.state === 'pending') return last.entry.result;
      if (last !== undefined && clock.now() - last.at < REFRESH_INTERVAL_MS) return get(name);
      const entry = fetchAnew(name);
      refreshes.set(name, { at: clock.now(), entry });
      // Those whom the known secret serves well don't wait, and a refresh that fails doesn't take it away.
      if (freshEntry(name)?.state !== 'good') entries.set(name, entry);
      return entry.result.then((secret) => {
        entries.set(name, entry);
        return secret;
      });
    },
  };
}

async function fetchSecret(client: SecretsManagerClient, name: string): Promise<TenantSecret> {
  const text = await client.send(new GetSecretValueCommand({ SecretId: name })).then(
    (answer) => answer.SecretString,
    (error: unknown) => {
      const reason = error instanceof Error ? error.name : 'unknown error';
      throw reason === 'ResourceNotFoundException'
        ? new SecretError('secret-missing', `secret ${name} does not exist, or has no value yet`)
        : new SecretError('secret-unreadable', `secret ${name} could not be read: ${reason}`);
    },
  );
  const read = readSecret(parseJson(text ?? ''));
  if ('secret' in read) return read.secret;
  const where = read.wrong.join(', ');
  throw new SecretError(
    'secret-malformed',
    `secret ${name} is not the JSON object {"clientId", "clientSecret", "scimTokens", "sources"}: look at ${where}`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
