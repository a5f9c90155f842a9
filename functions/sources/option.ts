import { type FetchContext, FetchError } from './fetcher.ts';

/**
 * What the configuration's `fetch` says under a name.
 *
 * @throws FetchError for what it doesn't say
 */
export function option({ settings }: FetchContext, name: string, otherwise?: string): string {
  const value = settings.fetch?.[name] ?? otherwise;
  if (value !== undefined) return value;
  throw new FetchError(`fetch.${name} is missing in the configuration of the source`, { isPermanent: true });
}

/**
 * The source's credentials for reading, by position.
 *
 * @throws FetchError for credentials that the tenant's secret doesn't have
 */
export function credential({ credentials }: FetchContext, position = 0): string {
  const value = credentials[position];
  if (value !== undefined) return value;
  throw new FetchError(
    'the tenant\'s secret has no credentials for reading from this source ("<name>.fetch")',
    {
      isPermanent: true,
    },
  );
}

/** `https://host`, unless the configuration has another address (`fetch.baseUrl`), without a slash at the end. */
export function baseUrl(context: FetchContext, usual: () => string): string {
  return (context.settings.fetch?.baseUrl ?? usual()).replace(/(?<!\/)\/+$/, '');
}

/** HTTP basic authentication (RFC 7617). */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, 'utf8').toString('base64')}`;
}

/**
 * Text as one segment of a path.
 *
 * @throws FetchError for what would be no segment: nothing, or the steps `.` and `..`, which every URL parser takes away,
 * so that the call would go to another place of the provider's API with its token
 */
export function segment(text: string): string {
  if (text !== '' && text !== '.' && text !== '..') return encodeURIComponent(text.toWellFormed());
  throw new FetchError(`"${text}" is no id that a person can be read by`, { isPermanent: true });
}
