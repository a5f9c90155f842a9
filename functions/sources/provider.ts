import type { SourceState } from '../events/source-state.ts';
import type { SourcePreset, SourceSettings } from '../tenant/sources.ts';
import type { FetchContext, Fetcher, GroupFetcher } from './fetcher.ts';
import type { Listing } from './sync/listing.ts';

export type Subscription = NonNullable<SourceState['subscription']>;

/** Keeps one provider's subscription alive: answers the one that holds from now on. */
export type Renew = (
  context: FetchContext,
  subscription: Subscription | undefined,
  secret: string,
) => Promise<Subscription>;

/** How the subscription of a provider is kept that would end by itself. */
export interface KeptSubscription {
  readonly renew: Renew;
  /** Renewed when less than this is left, in milliseconds: time in which it may fail, and be seen to fail. */
  readonly marginMs: number;
}

/** The providers as this room sees them; the entry point hands them in. */
export interface SourceProviders {
  /** How a person is read from the source: its provider's API, or any address (`fetch.url`); undefined: not at all. */
  reader(settings: SourceSettings): Promise<Fetcher | undefined>;
  /** How a group is read from the source; undefined: not at all. */
  groupReader(settings: SourceSettings): Promise<GroupFetcher | undefined>;
  /** Whether `reader` has an answer, known without loading it, and the configuration says how to reach it (`fetch`). */
  canRead(settings: SourceSettings): boolean;
  /** How the source's people are listed; undefined: not at all. */
  listing(settings: SourceSettings): Promise<Listing | undefined>;
  /** Resolves to undefined for a provider whose subscription doesn't end. */
  subscription(preset: SourcePreset): Promise<KeptSubscription | undefined>;
}
