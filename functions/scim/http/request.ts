import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { decodeSegment, pathOf } from '../../runtime/path.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';

/** Where a request goes, read off its path: `/{tenant}/scim/v2/{endpoint}[/{id}]`. */
export interface Target {
  readonly tenant: string;
  /** Path segments behind `/scim/v2`, decoded. */
  readonly segments: readonly string[];
}

/** A request that has been let in. */
export interface ScimRequest {
  readonly tenantName: string;
  readonly tenant: TenantConfiguration;
  readonly method: string;
  readonly segments: readonly string[];
  /** Names in lower case: clients write `startIndex` in every way. */
  readonly query: ReadonlyMap<string, string>;
  /** Parsed JSON; undefined for methods without a body. */
  readonly body: unknown;
  /** `https://host/{tenant}/scim/v2`, as the client sees it. */
  readonly baseUrl: string;
  readonly userAgent: string;
  /** Entity-tags that the client names, as they came. */
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
  readonly caller: Caller;
  /**
   * Epoch milliseconds until when SmartAssist may be waited for. Undefined: no caller waits, the drain does it, after
   * those for whom one does.
   */
  readonly deadline: number | undefined;
  /** Epoch milliseconds by which the answer has to be under way, whatever it is. */
  readonly until: number;
}

/** Who a request comes from. */
export interface Caller {
  /** What the token opens: everything, or reading the person that it names. */
  readonly access: 'all' | 'me';
  /** The person that the token names, if it names one. */
  readonly subject?: Subject;
}

/** How a token names a person. */
export interface Subject {
  readonly attribute: 'id' | 'userName' | 'externalId' | 'email';
  readonly value: string;
}

/** @returns undefined when the path isn't SCIM's at all */
export function readTarget(event: APIGatewayProxyEventV2): Target | undefined {
  const [, tenant, scim, v2, ...rest] = pathOf(event).split('/');
  if (!tenant || scim?.toLowerCase() !== 'scim' || v2?.toLowerCase() !== 'v2') return undefined;
  return { tenant, segments: rest.filter((segment) => segment !== '').map(decodeSegment) };
}

export function readQuery(event: APIGatewayProxyEventV2): ReadonlyMap<string, string> {
  if (event.rawQueryString === '') return NO_QUERY;
  const query = new Map<string, string>();
  for (const [written, value] of new URLSearchParams(blanksOf(event.rawQueryString))) {
    const name = written.toLowerCase();
    const before = LISTS.has(name) ? query.get(name) : undefined;
    query.set(name, before === undefined ? value : `${before},${value}`);
  }
  return query;
}

/**
 * A client that writes blanks as `%20` (RFC 3986) means a plus by `+`, as in an e-mail address; one that doesn't has
 * encoded a form, in which `+` is a blank.
 */
function blanksOf(rawQuery: string): string {
  return /%20/.test(rawQuery) ? rawQuery.replaceAll('+', '%2B') : rawQuery;
}

const NO_QUERY: ReadonlyMap<string, string> = new Map();
/** Parameters that are lists, so that one that comes twice counts twice. */
const LISTS = new Set(['attributes', 'excludedattributes']);

/** The address by which the client reached us, up to and with `/scim/v2`. */
export function baseUrlOf(event: APIGatewayProxyEventV2, tenant: string): string {
  const stage = event.requestContext.stage;
  const scheme = event.headers['x-forwarded-proto'] === 'http' ? 'http' : 'https';
  const prefix = stage !== '$default' && event.rawPath.startsWith(`/${stage}/`) ? `/${stage}` : '';
  return `${scheme}://${event.requestContext.domainName}${prefix}/${tenant}/scim/v2`;
}
