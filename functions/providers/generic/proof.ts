import type { FetchContext } from '../../sources/fetcher.ts';
import { credential, option } from '../../sources/option.ts';

/** The `Authorization` of a call to any address: `Bearer`, `Basic` (of `user:password`) or `SSWS`, with the credential. */
export function proofOf(context: FetchContext): string {
  const scheme = option(context, 'authorization', 'Bearer');
  const key = credential(context);
  return `${scheme} ${scheme === 'Basic' ? Buffer.from(key, 'utf8').toString('base64') : key}`;
}
