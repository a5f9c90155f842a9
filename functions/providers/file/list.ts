import { compact } from '../../runtime/compact.ts';
import { type FetchContext, FetchError } from '../../sources/fetcher.ts';
import { CursorLost, type Listing, type Page } from '../../sources/sync/listing.ts';
import { fileSourceOf } from '../../tenant/file-source.ts';
import { openFile } from './open.ts';
import type { OpenFile } from './open-file.ts';
import { type FilePlace, readPart } from './part.ts';

/** A file that was written to within this time may still be. */
const SETTLED_MS = 60_000;

/**
 * The people of a file, CSV or JSONL, on this machine or in S3: all of them (`content: full`), or who changed
 * (`incremental`). A full file that was replaced is read as a whole, since what changed between two of them isn't said.
 */
export const listing: Listing = listingOf(openFile);

type Open = (address: string) => Promise<OpenFile | undefined>;

/** @param open looks at a file */
export function listingOf(open: Open): Listing {
  return {
    list: (context, text) => pageOf(open, context, text),
    begin: async (context) => JSON.stringify(beginningOf(await settledFile(open, context))),
    changes: async (context, text) => {
      const place = placeOf(text);
      const file = await settledFile(open, context);
      const isRead = place.isRead === true;
      if (isRead && place.edition === file.edition) return { rows: [], cursor: text };
      if (fileSourceOf(context.settings).content === 'full') {
        throw new CursorLost('there is another file', { isUsual: true });
      }
      const page = await pageOf(open, context, isRead ? undefined : text);
      return page.next === undefined ? { ...page, cursor: readCursor(file) } : page;
    },
    tellsAbsence: true,
    isOfSome: ({ settings }) => fileSourceOf(settings).content === 'incremental',
  };
}

/** A place of the file, or, where it is read, the cursor that waits for another one. */
type Place = FilePlace & { readonly isRead?: true };

async function pageOf(open: Open, context: FetchContext, text: string | undefined): Promise<Page> {
  const source = fileSourceOf(context.settings);
  const file = await settledFile(open, context);
  const place = text === undefined ? beginningOf(file) : placeOf(text);
  assertSame(place, file, source.file);
  const { rows, next } = await readPart(file, source, context.settings, place);
  // A reading that ran into the end of a file that was cut, or replaced by another, isn't one of that file.
  if (file.mayGrow) assertSame(place, await open(source.file), source.file);
  return {
    rows,
    edition: file.edition,
    ...compact({
      next: next === undefined ? undefined : JSON.stringify(next),
      cursor: next === undefined ? readCursor(file) : undefined,
    }),
  };
}

function beginningOf({ edition }: OpenFile): FilePlace {
  return { edition, at: 0, lines: 0 };
}

function readCursor({ edition }: OpenFile): string {
  return JSON.stringify({ edition, at: 0, lines: 0, isRead: true } satisfies Place);
}

function assertSame(place: FilePlace, file: OpenFile | undefined, name: string): void {
  if (place.edition === file?.edition) return;
  throw new CursorLost(`${name} was replaced while it was read`, { isUsual: true });
}

/**
 * The file, once it is whole: its marker is there and younger, or, without one, nothing was written for a minute.
 *
 * @throws FetchError where it isn't there, isn't whole yet, or is too old
 */
async function settledFile(open: Open, context: FetchContext): Promise<OpenFile> {
  const { file: address, marker, maxAgeMs } = fileSourceOf(context.settings);
  const file = await open(address);
  if (file === undefined) throw new FetchError(`${address} is not there`, { isPermanent: true });
  const age = context.now() - file.writtenAt;
  if (maxAgeMs !== undefined && age > maxAgeMs) {
    const days = Math.floor(age / 86_400_000);
    throw new FetchError(`${address} was last written ${days} days ago (maxAge)`, { isPermanent: true });
  }
  if (marker !== undefined) {
    const mark = await open(marker);
    if (mark === undefined || mark.writtenAt < file.writtenAt) {
      throw new FetchError(`${address} has no ${marker} that is younger`, { isPermanent: true });
    }
  } else if (file.mayGrow && age < SETTLED_MS) {
    throw new FetchError(`${address} may still be written to`, { retryAfterMs: SETTLED_MS - age });
  }
  return file;
}

function placeOf(text: string): Place {
  try {
    const place: unknown = JSON.parse(text);
    if (typeof place === 'object' && place !== null && typeof (place as Place).edition === 'string')
      return place as Place;
  } catch {}
  throw new CursorLost('the cursor is not one of a file');
}
