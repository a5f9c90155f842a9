import type { JSONWebKeySet } from 'jose';
import * as z from 'zod/mini';
import { type DocumentForm, readForm } from '../../directory/documents.ts';
import type { Services } from '../../provision/services.ts';
import { errorText } from '../../runtime/error-text.ts';
import { keySetOf } from '../../runtime/jws.ts';
import { once } from '../../runtime/once.ts';

/** Public keys of those who sign tokens, by the address at which they publish them (RFC 7517). */
export interface Keys {
  /** What is known, at most ten minutes old where the publisher can be reached. */
  get(jwksUri: string): Promise<JSONWebKeySet>;
  /** The keys anew, for a token whose key isn't known: asks at most every 30 seconds. */
  refresh(jwksUri: string): Promise<JSONWebKeySet>;
}

const MAX_AGE_MS = 10 * 60_000;
const REFRESH_INTERVAL_MS = 30_000;
/** For how long a publisher that gave no key set isn't asked again. */
const FAILED_MS = 10_000;
/** The tightest provider waits for three seconds in all. */
const TIMEOUT_MS = 1_500;
const OWNER = 'jwks';

interface Entry {
  readonly keys: JSONWebKeySet;
  readonly fetchedAt: number;
}

const entrySchema = once(() =>
  z.object({ keys: z.array(z.looseObject({ kty: z.string() })), fetchedAt: z.number() }),
);
/** A copy that can't be used is none: the keys are asked for again. */
const formOf = (uri: string): DocumentForm<Entry | undefined> => ({
  name: uri,
  parse: (stored) => {
    const { data } = entrySchema().safeParse(stored);
    return data && { keys: { keys: data.keys }, fetchedAt: data.fetchedAt };
  },
});

/**
 * Keeps key sets in memory and in the directory, so that a cold start needs no call, and a publisher that is down for a
 * while stops nobody whose keys are known.
 */
export function openKeys({ directory, transport, clock, log }: Services): Keys {
  const known = new Map<string, Entry>();
  const pending = new Map<string, Promise<JSONWebKeySet>>();
  const askedAt = new Map<string, number>();
  const failedAt = new Map<string, number>();

  const fetchKeys = async (uri: string): Promise<JSONWebKeySet> => {
    askedAt.set(uri, clock.now());
    try {
      const response = await transport({
        method: 'GET',
        url: uri,
        headers: { accept: 'application/json' },
        timeoutMs: TIMEOUT_MS,
      });
      const keys = response.status === 200 ? keySetOf(response.body) : undefined;
      if (keys === undefined) throw new Error(`status ${response.status}, or no key set`);
      const fetchedAt = clock.now();
      known.set(uri, { keys, fetchedAt });
      await directory.writeDocument(OWNER, uri, { keys: keys.keys, fetchedAt });
      return keys;
    } catch (error) {
      log.warn('a key set could not be read', { uri, reason: errorText(error) });
      failedAt.set(uri, clock.now());
      const entry = known.get(uri);
      if (entry === undefined) throw error;
      return entry.keys;
    }
  };
  const fetchOnce = (uri: string): Promise<JSONWebKeySet> => {
    const waiting = pending.get(uri);
    if (waiting !== undefined) return waiting;
    const asked = fetchKeys(uri).finally(() => pending.delete(uri));
    pending.set(uri, asked);
    return asked;
  };
  const load = async (uri: string): Promise<Entry | undefined> => {
    const entry = known.get(uri);
    if (entry !== undefined) return entry;
    const stored = await readForm(directory, OWNER, formOf(uri));
    if (stored !== undefined) known.set(uri, stored);
    return stored;
  };
  /** For a key set that was never read: each unproven token would else be a call to the publisher. */
  const first = async (uri: string): Promise<JSONWebKeySet> => {
    const at = failedAt.get(uri);
    if (at !== undefined && clock.now() - at < FAILED_MS) {
      throw new Error('a key set could not be read a moment ago');
    }
    return fetchOnce(uri);
  };
  const mayAsk = (uri: string) => clock.now() - (askedAt.get(uri) ?? 0) >= REFRESH_INTERVAL_MS;

  return {
    get: async (uri) => {
      const entry = await load(uri);
      if (entry === undefined) return first(uri);
      return clock.now() - entry.fetchedAt > MAX_AGE_MS && mayAsk(uri) ? fetchOnce(uri) : entry.keys;
    },
    refresh: async (uri) => {
      const entry = await load(uri);
      if (entry === undefined) return first(uri);
      return mayAsk(uri) ? fetchOnce(uri) : entry.keys;
    },
  };
}
