import { isoOf } from '../../events/instant.ts';
import { compact } from '../../runtime/compact.ts';
import type { FetchContext } from '../fetcher.ts';
import { CursorLost, type Listing, type Row } from './listing.ts';

/** A change that is stored a moment later is not passed over. */
const OVERLAP_MS = 2 * 60_000;

/** Where changes go on that are asked for by their time. */
interface Place {
  /** ISO 8601. */
  readonly since: string;
  /** When this reading of changes began. */
  readonly begun?: string;
  /** The provider's own place of the next page. */
  readonly cursor?: string;
}

/** One page of what changed since a time. */
export type ChangedSince = (
  context: FetchContext,
  since: string,
  cursor: string | undefined,
) => Promise<{ readonly rows: readonly Row[]; readonly next?: string | undefined }>;

/** Changes of a provider that is asked for them by their time, page by page. */
export function changesSince(
  provider: string,
  pageOf: ChangedSince,
): Required<Pick<Listing, 'begin' | 'changes'>> {
  return {
    begin: ({ now }) => JSON.stringify({ since: new Date(now() - OVERLAP_MS).toISOString() }),
    changes: async (context, text) => {
      const {
        since,
        begun = new Date(context.now() - OVERLAP_MS).toISOString(),
        cursor,
      } = placeOf(text, provider);
      const { rows, next } = await pageOf(context, since, cursor);
      if (next === undefined) return { rows, cursor: JSON.stringify({ since: begun }) };
      return { rows, next: JSON.stringify(compact({ since, begun, cursor: next })) };
    },
  };
}

function placeOf(text: string, provider: string): Place {
  try {
    const place: Partial<Place> = JSON.parse(text);
    if (isoOf(place.since) !== undefined) return place as Place;
  } catch {}
  throw new CursorLost(`the cursor is not one of ${provider}`);
}
