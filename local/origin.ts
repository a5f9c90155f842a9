import type { IncomingHttpHeaders } from 'node:http';

/** Whether a host name is this machine's own. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|\[?::1\]?|127(\.\d{1,3}){3})$/i.test(hostname);
}

/**
 * Why a request that a browser may have sent isn't taken: its status, or undefined where it is.
 *
 * A page of another site can point a name of its own at this machine (DNS rebinding): the `Host` is then that name. And it
 * can post without asking: a browser says so in `Origin` and `Sec-Fetch-Site`, and no other client sends either.
 *
 * @param publicHost the host of the address under which the server is reached from outside
 */
export function refusalOf(
  {
    method = 'GET',
    headers,
  }: { readonly method?: string | undefined; readonly headers: IncomingHttpHeaders },
  publicHost?: string,
): 403 | 421 | undefined {
  const isOwn = (host: string) => host === publicHost || isLoopback(host.replace(/:\d{1,5}$/, ''));
  const { host, origin } = headers;
  if (host !== undefined && !isOwn(host.toLowerCase())) return 421;
  if (method === 'GET' || method === 'HEAD') return undefined;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return 403;
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`
    ? undefined
    : 403;
}
