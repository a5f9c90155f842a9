import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../runtime/clock.ts';
import { SecretError } from './secret-error.ts';

const MAX_AGE_MS = 5 * 60_000;
const REFRESH_INTERVAL_MS = 30_000;
/** A failure is remembered this long, so that a flood of requests doesn't become a flood of calls. */
const FAILURE_AGE_MS = 2_000;
/** While the last value is served, Secrets Manager is asked no more often: each try may take seconds. */
const OUTAGE_INTERVAL_MS = 30_000;

/** What a secret holds, and what is known of asking for it. */
export interface KeptSecret<Value> {
  /**
   * The value, at most five minutes old; while Secrets Manager errs, the last one.
   *
   * @param staleMs how old the last one may be at most
   */
  get(staleMs: number): Promise<Value>;
  /** The value anew: asked for at most every 30 seconds; in between the answer is what is known already. */
  refresh(staleMs: number): Promise<Value>;
}

export interface SecretPlace<Value> {
  readonly name: string;
  /** @throws SecretError `secret-malformed` */
  readonly parse: (text: string) => Value;
}

export interface KeptSecretOptions<Value> {
  readonly client: Pick<SecretsManagerClient, 'send'>;
  readonly clock: Clock;
  /** Where it is: the first secret that exists counts. */
  readonly places: readonly SecretPlace<Value>[];
  /** Called for each request that gave nothing usable; `ageMs` is that of the value which is used nevertheless. */
  readonly onFailure: (error: SecretError, ageMs: number | undefined) => void;
}

/**
 * Keeps a secret, with one request in flight. What Secrets Manager says is believed: a secret that is gone, denied or
 * malformed is not used any longer. Where it says nothing (an outage), the last value is used for the time that the caller
 * allows.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html
 */
export function keepSecret<Value>(options: KeptSecretOptions<Value>): KeptSecret<Value> {
  const { client, clock, places, onFailure } = options;
  let known: { readonly value: Value; readonly readAt: number } | undefined;
  let failure: { readonly error: SecretError; readonly until: number } | undefined;
  let inFlight: Promise<Value> | undefined;
  let refreshedAt: number | undefined;

  const knownWithin = (ageMs: number) =>
    known !== undefined && clock.now() - known.readAt < ageMs ? known : undefined;

  const ask = (staleMs: number): Promise<Value> => {
    inFlight ??= request(staleMs).finally(() => {
      inFlight = undefined;
    });
    return inFlight;
  };
  const request = async (staleMs: number): Promise<Value> => {
    const readAt = clock.now();
    try {
      known = { value: await readFirst(client, places), readAt };
      failure = undefined;
      return known.value;
    } catch (error) {
      if (!(error instanceof SecretError)) throw error;
      if (error.code !== 'secret-unreadable') known = undefined;
      const last = knownWithin(staleMs);
      const pauseMs = last === undefined ? FAILURE_AGE_MS : OUTAGE_INTERVAL_MS;
      failure = { error, until: clock.now() + pauseMs };
      onFailure(error, last && clock.now() - last.readAt);
      throw error;
    }
  };

  const get = async (staleMs: number): Promise<Value> => {
    const fresh = knownWithin(MAX_AGE_MS);
    if (fresh !== undefined) return fresh.value;
    const last = knownWithin(staleMs);
    if (failure !== undefined) {
      // During an outage only the caller that makes the next try waits for it.
      if (last !== undefined && (inFlight !== undefined || clock.now() < failure.until)) return last.value;
      if (clock.now() < failure.until) throw failure.error;
    }
    return ask(staleMs).catch((error: unknown) => {
      const served = knownWithin(staleMs);
      if (served === undefined) throw error;
      return served.value;
    });
  };
  return {
    get,
    refresh: async (staleMs) => {
      // A request that is on its way already is waited for: what is known was refused.
      if (inFlight !== undefined) return inFlight;
      if (refreshedAt !== undefined && clock.now() - refreshedAt < REFRESH_INTERVAL_MS) return get(staleMs);
      refreshedAt = clock.now();
      return ask(staleMs);
    },
  };
}

async function readFirst<Value>(
  client: Pick<SecretsManagerClient, 'send'>,
  [place, ...others]: readonly SecretPlace<Value>[],
): Promise<Value> {
  if (place === undefined) throw new Error('a secret without a place');
  try {
    return place.parse(await readText(client, place.name));
  } catch (error) {
    // Of a secret that isn't there AWS may also say that the role is not allowed to: a role is granted secrets that exist.
    const isThere =
      !(error instanceof SecretError) || !['secret-missing', 'secret-denied'].includes(error.code);
    if (isThere || others.length === 0) throw error;
    return readFirst(client, others);
  }
}

/** What Secrets Manager says of a secret that is there for nobody: not there, without a value, marked for deletion. */
const GONE = new Set(['ResourceNotFoundException', 'InvalidRequestException']);
/** Its own refusal, and that of the key which encrypts the secret. */
const DENIED = new Set(['AccessDeniedException', 'DecryptionFailure']);

async function readText(client: Pick<SecretsManagerClient, 'send'>, name: string): Promise<string> {
  const answer = await client.send(new GetSecretValueCommand({ SecretId: name })).catch((error: unknown) => {
    const reason = error instanceof Error ? error.name : 'unknown error';
    if (GONE.has(reason)) {
      throw new SecretError('secret-missing', `secret ${name} does not exist, or has no value yet`);
    }
    const code = DENIED.has(reason) ? 'secret-denied' : 'secret-unreadable';
    const hint =
      reason === 'AccessDeniedException' ? ', which AWS also says of a secret that does not exist' : '';
    throw new SecretError(code, `secret ${name} could not be read: ${reason}${hint}`);
  });
  return answer.SecretString ?? '';
}
