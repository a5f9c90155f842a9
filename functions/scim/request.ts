import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { TenantConfiguration } from '../tenant/configuration.ts';

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
  /** Epoch milliseconds by which the answer has to be under way. */
  readonly deadline: number;
}

/** @returns undefined when the path isn't SCIM's at all */
export function readTarget(event: APIGatewayProxyEventV2): Target | undefined {
  const stage = event.requestContext.stage;
  const path =
    stage !== '$default' && event.rawPath.startsWith(`/${stage}/`)
      ? event.rawPath.slice(stage.length + 1)
      : event.rawPath;
  const [, tenant, scim, v2, ...rest] = path.split('/');
  if (tenant === undefined || scim?.toLowerCase() !== 'scim' || v2?.toLowerCase() !== 'v2') return undefined;
  return { tenant, segments: rest.filter((segment) => segment !== '').map(decode) };
}

export function readQuery(event: APIGatewayProxyEventV2): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(event.rawQueryString)) query.set(name.toLowerCase(), value);
  return query;
}

/** The address by which the client reached us, up to and with `/scim/v2`. */
export function baseUrlOf(event: APIGatewayProxyEventV2, tenant: string): string {
  const stage = event.requestContext.stage;
  const scheme = event.headers['x-forwarded-proto'] === 'http' ? 'http' : 'https';
  const prefix = stage !== '$default' && event.rawPath.startsWith(`/${stage}/`) ? `/${stage}` : '';
  return `${scheme}://${event.requestContext.domainName}${prefix}/${tenant}/scim/v2`;
}

/** API Gateway has decoded the path already, so what doesn't decode is what was meant. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
