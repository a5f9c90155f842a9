import type { FetchContext } from '../../sources/fetcher.ts';
import { baseUrl, credential, option } from '../../sources/option.ts';

/** How Okta is asked for a path: with the organization's address and the token. */
export type AskOkta = (path: string) => ReturnType<FetchContext['call']>;

export function oktaBase(context: FetchContext): string {
  return baseUrl(context, () => `https://${option(context, 'domain')}`);
}

export function askOkta(context: FetchContext): AskOkta {
  const headers = { authorization: `SSWS ${credential(context)}`, accept: 'application/json' };
  return (path) => context.call({ method: 'GET', url: `${oktaBase(context)}${path}`, headers });
}
