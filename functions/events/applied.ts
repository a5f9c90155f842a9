import type { PersonRecord } from '../directory/record.ts';

/** What came of an event. All but `invalid` count as taken. */
export type Applied =
  | { readonly outcome: 'stored'; readonly record: PersonRecord }
  /** A group itself has changed: the drain looks at its members again. */
  | { readonly outcome: 'group-stored' }
  /** It says nothing new. */
  | { readonly outcome: 'unchanged' }
  /** Older than what the source said last. */
  | { readonly outcome: 'stale' }
  /** The person is to be read from the source. */
  | { readonly outcome: 'fetching' }
  /** It holds from later on. */
  | { readonly outcome: 'later' }
  /** An operator has to confirm it. */
  | { readonly outcome: 'held' }
  /** Nobody here is meant. */
  | { readonly outcome: 'nobody' }
  | {
      readonly outcome: 'invalid';
      readonly reason: string;
      /** What is said could be about two persons. */
      readonly isTwo?: true;
      /** Ids under which the source has the same person in service, as far as is known. */
      readonly others?: readonly string[];
    };
