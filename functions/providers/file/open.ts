import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { FetchError } from '../../sources/fetcher.ts';
import { s3ObjectOf } from '../../tenant/file-source.ts';
import { nothing, type OpenFile } from './open-file.ts';

/**
 * Looks at a file, on this machine or in S3.
 *
 * @returns undefined where there is none
 * @throws FetchError for one that can't be looked at
 */
export async function openFile(address: string): Promise<OpenFile | undefined> {
  const object = s3ObjectOf(address);
  if (object !== undefined) return (await import('./s3.ts')).openObject(object);
  const found = await stat(address).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new FetchError(`${address} can not be read: ${error.code}`, { isPermanent: true });
  });
  if (found === undefined) return undefined;
  if (!found.isFile()) throw new FetchError(`${address} is no file`, { isPermanent: true });
  return {
    edition: `${found.ino}/${found.size}/${Math.trunc(found.mtimeMs)}`,
    writtenAt: found.mtimeMs,
    mayGrow: true,
    // What is written meanwhile isn't of the file that was looked at.
    read: (from) =>
      from >= found.size ? nothing() : createReadStream(address, { start: from, end: found.size - 1 }),
  };
}
