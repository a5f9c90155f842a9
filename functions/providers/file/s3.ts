import { GetObjectCommand, HeadObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { once } from '../../runtime/once.ts';
import { FetchError } from '../../sources/fetcher.ts';
import { CursorLost } from '../../sources/sync/listing.ts';
import type { S3Object } from '../../tenant/file-source.ts';
import { nothing, type OpenFile } from './open-file.ts';

/** A part of a file takes longer than an answer of DynamoDB; between two of its pieces no longer than this. */
const CLIENT = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  // A stand-in on this machine has no names for buckets.
  forcePathStyle: process.env.AWS_ENDPOINT_URL_S3 !== undefined,
  followRegionRedirects: true,
} as const;

const client = once(() => new S3Client(CLIENT));

/** Looks at an object; undefined where there is none. @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html */
export async function openObject({ bucket, key }: S3Object): Promise<OpenFile | undefined> {
  const where = { Bucket: bucket, Key: key };
  const name = `s3://${bucket}/${key}`;
  try {
    const { ETag, LastModified, ContentLength = 0 } = await client().send(new HeadObjectCommand(where));
    const writtenAt = LastModified?.getTime() ?? 0;
    return {
      edition: `${ETag}/${writtenAt}`,
      writtenAt,
      mayGrow: false,
      read: (from) => (from >= ContentLength ? nothing() : partOf(name, { ...where, IfMatch: ETag }, from)),
    };
  } catch (error) {
    if (statusOf(error) === 404) return undefined;
    throw failureOf(name, error);
  }
}

async function* partOf(
  name: string,
  where: ConstructorParameters<typeof GetObjectCommand>[0],
  from: number,
): AsyncGenerator<Uint8Array> {
  const abort = new AbortController();
  try {
    const { Body } = await client().send(new GetObjectCommand({ ...where, Range: `bytes=${from}-` }), {
      abortSignal: abort.signal,
    });
    if (Body !== undefined) yield* Body as AsyncIterable<Uint8Array>;
  } catch (error) {
    // 412: the object is not the one that was looked at.
    if (statusOf(error) === 412) throw new CursorLost(`${name} was replaced while it was read`);
    throw failureOf(name, error);
  } finally {
    abort.abort();
  }
}

function statusOf(error: unknown): number | undefined {
  return error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
}

/** Who may not list a bucket is told 403 of an object that isn't there as well. */
function failureOf(name: string, error: unknown): FetchError {
  const status = statusOf(error);
  if (status === 403)
    return new FetchError(`${name} is not there, or may not be read`, { isPermanent: true, status });
  const reason = error instanceof Error ? error.name : 'unknown';
  return new FetchError(`${name}: ${reason}${status === undefined ? '' : ` (${status})`}`);
}
