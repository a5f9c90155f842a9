import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { CommandFailure } from '../failure.ts';
import type { TailedLine } from './tailed-line.ts';

/**
 * The lines of the server of `npm start`, from now on until it or the caller ends.
 *
 * @throws CommandFailure where it does not tell them
 */
export async function localLines(
  { url, key }: { readonly url: string; readonly key: string },
  signal: AbortSignal,
): Promise<AsyncGenerator<TailedLine>> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}` }, signal });
  if (!response.ok || response.body === null) {
    throw new CommandFailure(`npm start does not tell what happens: it answered ${response.status}`);
  }
  return linesOf(Readable.fromWeb(response.body as ReadableStream<Uint8Array>));
}

async function* linesOf(input: Readable): AsyncGenerator<TailedLine> {
  try {
    for await (const line of createInterface({ input })) yield JSON.parse(line);
  } catch (error) {
    // The server has ended, in the middle of its answer.
    if (!(error instanceof TypeError)) throw error;
  }
}
