import type { Attributes, SourceGroup, Subject } from '../events/event.ts';
import type { JsonView } from '../events/json-view.ts';
import type { HttpRequest } from '../runtime/transport.ts';
import type { SourceSettings } from '../tenant/sources.ts';

/** What the provider says about a person now. */
export type Fetched =
  | {
      readonly outcome: 'found';
      readonly person: Attributes;
      readonly id?: string;
      /** All groups that the person is in at the provider; undefined where these weren't asked for or can't be read. */
      readonly groups?: readonly SourceGroup[] | undefined;
      /** Ids of the groups that `groups` is about, where it isn't about all of them. */
      readonly groupsAmong?: readonly string[] | undefined;
      readonly organizationalUnit?: string | undefined;
      readonly isGuest?: boolean | undefined;
      /** A status that isn't one of the provider's documentation: nothing of the reading is applied. */
      readonly unknownStatus?: string | undefined;
      /** What the provider doesn't let be read, and why: the rest of the reading counts. */
      readonly unread?: string | undefined;
      /** Whether the source's scope (`scope`) has the person; undefined where that isn't asked. */
      readonly isInScope?: boolean | undefined;
      /** The first and the last day, where the provider knows them: a day, or a time of day in ISO 8601 (`timeOf`). */
      readonly joinsAt?: string | undefined;
      readonly leavesAt?: string | undefined;
      /** The status says out of service from when the last day is entered: it holds after that day. */
      readonly isOutAfterLastDay?: true;
    }
  /** The provider doesn't know the person: not yet, or no longer. */
  | { readonly outcome: 'not-found' };

/** One call to the provider; the answer is JSON. */
export interface Exchange {
  readonly status: number;
  readonly body: JsonView;
  /** Under names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What a refreshing gives: a new refresh token too, which ends the one before (RFC 6749 section 6). */
export interface RefreshedTokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresInSeconds: number;
}

/** What a fetcher works with. */
export interface FetchContext {
  readonly settings: SourceSettings;
  /** The source's credentials for reading, from the tenant's secret: `sources: {"<name>.fetch": […]}`. */
  readonly credentials: readonly string[];
  /** The groups of a person are read as well: the tenant's rules or the source's scope speak of them. */
  readonly readsGroups: boolean;
  /**
   * Makes a call; rejects with a `FetchError` for anything but 200 to 299 and 404.
   *
   * @param isThrottled whether what was refused is to be asked for again later, where the status doesn't say it
   */
  call(
    request: Omit<HttpRequest, 'timeoutMs'> & { readonly timeoutMs?: number },
    isThrottled?: (refused: Exchange) => boolean,
  ): Promise<Exchange>;
  /** Reads a file that a link leads to, without a token; rejects with a `FetchError` for anything but 200. */
  download(url: string, maxBytes: number): Promise<Uint8Array>;
  /** An access token that is asked for once and kept until it is about to expire. */
  token(name: string, ask: () => Promise<{ value: string; expiresInSeconds: number }>): Promise<string>;
  /** An access token of a grant whose refresh token changes at each use, kept sealed in the directory. */
  grantedToken(first: string, refresh: (refreshToken: string) => Promise<RefreshedTokens>): Promise<string>;
  /** Epoch milliseconds. */
  now(): number;
}

/** Reads one person from a provider. */
export type Fetcher = (subject: Subject, context: FetchContext) => Promise<Fetched>;

/** What the provider says about a group now. */
export type FetchedGroup =
  | { readonly outcome: 'found'; readonly display: string }
  | { readonly outcome: 'not-found' };

/** Reads one group from a provider, by the provider's own id. */
export type GroupFetcher = (id: string, context: FetchContext) => Promise<FetchedGroup>;

/** A provider that couldn't be asked; `isPermanent` when asking again would change nothing until an operator acts. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly isPermanent: boolean;
  /** Milliseconds after which the provider wants to be asked again. */
  readonly retryAfterMs: number | undefined;
  /** What the provider answered, where it did. */
  readonly status: number | undefined;
  readonly body: JsonView | undefined;

  constructor(
    message: string,
    options: {
      isPermanent?: boolean;
      retryAfterMs?: number | undefined;
      status?: number;
      body?: JsonView;
    } = {},
  ) {
    super(message);
    this.status = options.status;
    this.body = options.body;
    this.isPermanent = options.isPermanent ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A list of a provider's answer can't be told from a shorter one; its answer to the next question may be whole. */
export class UnreadableList extends FetchError {}
