import { type FetchContext, FetchError } from './fetcher.ts';
import { credential } from './option.ts';

/** An access token for client id and secret, the first two credentials (RFC 6749 section 4.4). */
export function clientToken(
  context: FetchContext,
  url: string,
  form: Readonly<Record<string, string>> = {},
): Promise<string> {
  return context.token(url, async () => {
    const { status, body } = await context.call({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: credential(context),
        client_secret: credential(context, 1),
        ...form,
      }).toString(),
    });
    const value = body.text('access_token') ?? body.text('data.access_token');
    if (value === undefined) throw new FetchError(`the token endpoint answered ${status} without a token`);
    return { value, expiresInSeconds: body.number('expires_in') ?? body.number('data.expires_in') ?? 300 };
  });
}
