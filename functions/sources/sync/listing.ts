import type { Item, SourceGroup } from '../../events/event.ts';
import type { FetchContext, Fetched } from '../fetcher.ts';

/** What a provider's list says about one person. */
export type Row =
  /** All that the provider knows of the person, as reading by id would tell. */
  | {
      readonly is: 'person';
      readonly id: string;
      readonly found: Extract<Fetched, { outcome: 'found' }>;
      /** The source says that the e-mail address is the person's own. */
      readonly isEmailVerified?: boolean | undefined;
    }
  /** Something changed; the person has to be read by id. */
  | { readonly is: 'changed'; readonly id: string }
  /** No longer there: for good, restorable, or out of what the source is about. */
  | { readonly is: 'gone'; readonly id: string; readonly how: Departure }
  /** Nobody who could be an agent: a guest, a room. */
  | {
      readonly is: 'unusable';
      readonly id: string;
      readonly reason: string;
      /** Whose row it is can't be told, and `id` is its place: from a list with such a row nobody is missing. */
      readonly isNameless?: true;
    }
  /** What the source's webhook would have brought, with the same key. */
  | { readonly is: 'event'; readonly item: Item };

export type Departure = 'deleted' | 'soft-deleted' | 'out-of-scope';

/** One answer of a provider. */
export interface Page {
  readonly rows: readonly Row[];
  /** How many people the provider says there are, this page among them. */
  readonly total?: number | undefined;
  /** Where the next page is; undefined on the last one. */
  readonly next?: string | undefined;
  /** On the last page: from where on `changes` goes on. */
  readonly cursor?: string | undefined;
  /** The provider gives no more than this, although there are more: never complete. */
  readonly isCut?: true | undefined;
  /** Which edition of the list it is, where one stays as it is until there is the next: read again, it has no news. */
  readonly edition?: string | undefined;
}

/** How groups are read one by one, where a list of people doesn't have the groups of each. */
export interface GroupListing {
  /** A page of all groups; the first one without a place. */
  list(context: FetchContext, place: string | undefined): Promise<GroupPage>;
  /** A page of those in a group, by the ids that the list of people has. */
  members(context: FetchContext, group: string, place: string | undefined): Promise<MemberPage>;
}

export interface GroupPage {
  readonly groups: readonly NamedGroup[];
  readonly next?: string | undefined;
}

export type NamedGroup = Required<SourceGroup>;

export interface MemberPage {
  readonly ids: readonly string[];
  readonly next?: string | undefined;
}

/**
 * How people are read from a provider: a file of its folder, `list.ts`. Places and cursors are the provider's own texts;
 * they are kept in the directory, so no token is in them.
 */
export interface Listing {
  /** A page of all people; the first one without a place. Rejects with a FetchError. */
  list(context: FetchContext, place: string | undefined): Promise<Page>;
  /**
   * A page of what changed. Rejects with a CursorLost for a cursor that the provider doesn't know any more.
   *
   * @param place the cursor at first, then `next` of the page before
   */
  readonly changes?: (context: FetchContext, place: string) => Promise<Page>;
  /**
   * Where changes begin that come after now; asked for before the first page of a list. Undefined for a server that
   * can't tell changes.
   */
  readonly begin?: (context: FetchContext) => Promise<string | undefined> | string | undefined;
  readonly groups?: GroupListing;
  /** For how long a cursor is good, in milliseconds. */
  readonly cursorLifeMs?: number;
  /** Whether who is missing from the whole list may have left: the facts are confirmed in the vendor's own text. */
  readonly tellsAbsence: boolean;
  /** Whether the list is of some people and says nothing of others: of who changed, and not of everybody. */
  readonly isOfSome?: (context: FetchContext) => boolean;
  /** Whether the list is of a part of the people that reading by id can't tell. */
  readonly isPart?: (context: FetchContext) => boolean;
  /** Whether a person who can't be read any more can still be restored. */
  readonly isRestorable?: (context: FetchContext, id: string) => Promise<boolean>;
  /** What the credentials have to be allowed, for an administrator whose aren't. */
  readonly needs?: string;
  /** The vendor asks not to be polled: only whole readings. */
  readonly isNotPolled?: true;
}

/** A cursor that is too old, of another tenant or of another version: everybody has to be read anew. */
export class CursorLost extends Error {
  override readonly name = 'CursorLost';
  /** It is how the provider works, and nothing to look into. */
  readonly isUsual: boolean;

  constructor(message: string, { isUsual = false }: { readonly isUsual?: boolean } = {}) {
    super(message);
    this.isUsual = isUsual;
  }
}

/** Of a cursor that the provider refused: its answer alone (`answered 400`) tells an operator nothing. */
export function cursorRefused({ message }: Error): CursorLost {
  return new CursorLost(`the provider no longer knows where changes were to go on (${message})`);
}
