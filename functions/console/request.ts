import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { decodeSegment, pathOf } from '../runtime/path.ts';

/** A request below `/{tenant}/console`, as pages read it. */
export interface ConsoleRequest {
  readonly method: string;
  readonly tenant: string;
  /** What follows `console`, decoded: `['people', '{id}']`; none is the first page. */
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly cookies: ReadonlyMap<string, string>;
  /** `https://host` under which the browser sees the page. */
  readonly origin: string;
  /** The fields of a form that was posted. */
  readonly form: URLSearchParams;
}

const PATH = /^\/([^/]{1,64})\/console(?:\/(.*))?$/s;

/** @returns undefined for a path that is not the console's */
export function readRequest(event: APIGatewayProxyEventV2): ConsoleRequest | undefined {
  const [, tenant, rest = ''] = PATH.exec(pathOf(event)) ?? [];
  if (tenant === undefined) return undefined;
  const { headers, requestContext } = event;
  const scheme = headers['x-forwarded-proto'] === 'http' ? 'http' : 'https';
  return {
    method: requestContext.http.method,
    tenant: decodeSegment(tenant),
    segments: rest
      .split('/')
      .filter((segment) => segment !== '')
      .map(decodeSegment),
    query: new URLSearchParams(event.rawQueryString),
    headers,
    cookies: cookiesOf(event),
    origin: `${scheme}://${requestContext.domainName}`,
    form: formOf(event),
  };
}

function cookiesOf({ cookies, headers }: APIGatewayProxyEventV2): Map<string, string> {
  const pairs = cookies ?? headers.cookie?.split(';') ?? [];
  return new Map(
    pairs.flatMap((pair): [string, string][] => {
      const mark = pair.indexOf('=');
      return mark === -1 ? [] : [[pair.slice(0, mark).trim(), pair.slice(mark + 1).trim()]];
    }),
  );
}

function formOf({ headers, body, isBase64Encoded }: APIGatewayProxyEventV2): URLSearchParams {
  if (!/^application\/x-www-form-urlencoded\b/i.test(headers['content-type'] ?? ''))
    return new URLSearchParams();
  return new URLSearchParams(isBase64Encoded ? Buffer.from(body ?? '', 'base64').toString('utf8') : body);
}

/** Why a write is refused that another site may have had the browser send; undefined where it is the console's own. */
export function crossSiteFault({ headers, origin }: ConsoleRequest): string | undefined {
  const { origin: from, 'sec-fetch-site': site } = headers;
  if (site !== undefined && site !== 'same-origin') return `Sec-Fetch-Site is ${site}`;
  if (from === undefined) return 'the Origin header is missing';
  return from === origin ? undefined : 'Origin is another address than this one';
}
