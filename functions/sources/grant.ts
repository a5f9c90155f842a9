import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { type DocumentForm, decideOnDocument, readForm } from '../directory/documents.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import { once } from '../runtime/once.ts';
import { seal, unseal } from '../tenant/secrets/seal.ts';
import { type FetchContext, FetchError, type RefreshedTokens } from './fetcher.ts';

/** The tokens of the last refreshing. */
interface Grant extends Omit<RefreshedTokens, 'expiresInSeconds'> {
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/**
 * A grant of a provider whose refresh token changes at each use, so that the secret can only have the first one: the newest
 * is kept in the directory, sealed with the newest of the door secret's keys.
 */
export interface KeptGrant {
  /**
   * An access token that is good for a minute yet.
   *
   * @param first the refresh token of the secret; another one than last time begins anew
   * @param refresh asks the provider. The new access token isn't used before both are kept: until it is, the old refresh
   *   token stays good at a provider that revokes with the first use
   */
  readonly accessToken: FetchContext['grantedToken'];
  /** The provider refused the access token: the next one is asked for, whatever its time says. */
  refused(): Promise<void>;
}

/** The stored form. What a newer version has added stays. */
interface StoredGrant {
  /** A `Grant` as JSON, sealed. */
  readonly sealed?: string;
  /** Digest of the refresh token in the secret from which the grant comes. */
  readonly of?: string;
  /** ISO 8601: until then another function refreshes; a crash ends with it. */
  readonly refreshingUntil?: string;
  /** ISO 8601: the access token was refused. */
  readonly refusedAt?: string;
}

const storedSchema = once(() =>
  z.looseObject({
    sealed: z.exactOptional(z.string()),
    of: z.exactOptional(z.string()),
    refreshingUntil: z.exactOptional(z.string()),
    refusedAt: z.exactOptional(z.string()),
  }),
);

/** What a look at the stored grant comes to: a good token, a wait, or the refresh token to use. */
type Found = { readonly good: string } | { readonly isBusy: true } | { readonly from: string };

const MARGIN_MS = 60_000;
/** Longer than a call to a provider may take. */
const LEASE_MS = 30_000;
const WAIT_MS = 3_000;

export function keepGrant(
  { name: tenant }: TenantProvisioning,
  { directory, clock }: Pick<Services, 'directory' | 'clock'>,
  source: string,
  keys: readonly string[],
): KeptGrant {
  const form = formOf(source);
  const about = `${tenant} ${source} grant`;
  const open = ({ sealed }: StoredGrant): Grant | undefined => {
    const text = sealed === undefined ? undefined : unseal(sealed, keys, about);
    return text === undefined ? undefined : (JSON.parse(text) as Grant);
  };
  const isGood = ({ refusedAt }: StoredGrant, grant: Grant): boolean =>
    refusedAt === undefined && grant.expiresAt - MARGIN_MS > clock.now();
  /** Keeps what came of a refreshing, or nothing, and lets others refresh again. */
  const end = (fresh: StoredGrant) =>
    decideOnDocument<StoredGrant, void>(directory, tenant, form, (body) => {
      const { refreshingUntil: _, ...rest } = body;
      if (fresh.sealed === undefined) return { body: rest, answer: undefined };
      const { refusedAt: __, ...good } = rest;
      return { body: { ...good, ...fresh }, answer: undefined };
    });

  return {
    accessToken: async (first, refresh) => {
      const [newestKey] = keys;
      if (newestKey === undefined) {
        throw new FetchError(
          'the tenant\'s secret "door" has no "keys", and the refresh token is kept sealed with one: add a key',
          { isPermanent: true },
        );
      }
      const of = digest(first);
      const stored = await readForm(directory, tenant, form);
      const known = stored.of === of ? open(stored) : undefined;
      if (known !== undefined && isGood(stored, known)) return known.accessToken;

      const found = await decideOnDocument<StoredGrant, Found>(directory, tenant, form, (body) => {
        const grant = body.of === of ? open(body) : undefined;
        if (grant !== undefined && isGood(body, grant)) return { answer: { good: grant.accessToken } };
        const { refreshingUntil: until } = body;
        if (until !== undefined && Date.parse(until) > clock.now()) return { answer: { isBusy: true } };
        const refreshingUntil = new Date(clock.now() + LEASE_MS).toISOString();
        return { body: { ...body, refreshingUntil }, answer: { from: grant?.refreshToken ?? first } };
      });
      if ('good' in found) return found.good;
      if ('isBusy' in found) {
        throw new FetchError('another function refreshes the access token', { retryAfterMs: WAIT_MS });
      }
      const { expiresInSeconds, ...tokens } = await refresh(found.from).catch(async (error: unknown) => {
        await end({});
        throw error;
      });
      const grant: Grant = { ...tokens, expiresAt: clock.now() + expiresInSeconds * 1_000 };
      await end({ of, sealed: seal(JSON.stringify(grant), newestKey, about) });
      return grant.accessToken;
    },
    refused: async () => {
      await decideOnDocument<StoredGrant, void>(directory, tenant, form, (body) =>
        body.sealed === undefined || body.refusedAt !== undefined
          ? { answer: undefined }
          : { body: { ...body, refusedAt: new Date(clock.now()).toISOString() }, answer: undefined },
      );
    },
  };
}

function formOf(source: string): DocumentForm<StoredGrant> {
  return {
    name: `grant:${source}`,
    parse: (stored) => (stored === undefined ? {} : storedSchema().parse(stored)),
  };
}

function digest(text: string): string {
  return createHash('sha256').update(text, 'utf8').digest('hex');
}
