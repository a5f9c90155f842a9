import { clientToken } from '../../sources/client-credentials.ts';
import type { FetchContext } from '../../sources/fetcher.ts';
import { option, segment } from '../../sources/option.ts';

/** An access token for Graph: client id and secret are the credentials, `fetch.tenantId` the directory. */
export function graphToken(context: FetchContext): Promise<string> {
  const login = option(context, 'loginUrl', 'https://login.microsoftonline.com').replace(/(?<!\/)\/+$/, '');
  const url = `${login}/${segment(option(context, 'tenantId'))}/oauth2/v2.0/token`;
  return clientToken(context, url, { scope: 'https://graph.microsoft.com/.default' });
}
