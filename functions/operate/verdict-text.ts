import type { RowVerdict } from '../sources/sync/state.ts';

/** What a verdict on the rows of a reading means, in the order in which they are shown. */
export const VERDICT_TEXT: Readonly<Record<RowVerdict, string>> = {
  new: 'new here',
  changed: 'changed',
  linked: 'known, and linked from now on',
  unchanged: 'as they are',
  waiting: 'to come on a later day',
  gone: 'to leave service',
  outside: 'not in service, and unknown here',
  kept: 'missing from the list, and kept',
  ambiguous: 'could be two persons: nothing is done',
  unmatched: 'without what makes a person: nothing is done',
  unusable: 'no row of a person who could be an agent',
};
