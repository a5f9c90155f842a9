import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** A request of an identity provider. */
export interface ScimCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below `/scim/v2`. */
  readonly path: string;
  readonly query?: string;
  readonly body?: unknown;
  /** Another tenant than the one that the world is about, and another token. */
  readonly tenant?: string;
  readonly token?: string;
}

export const TENANT = 'demo';
export const SCIM_TOKEN = 'simulated-scim-token';

/** As API Gateway hands it to the function. */
export function eventOf({
  method,
  path,
  query = '',
  body,
  tenant = TENANT,
  token = SCIM_TOKEN,
}: ScimCall): APIGatewayProxyEventV2 {
  const rawPath = `/${tenant}/scim/v2${path}`;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: query,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/scim+json' },
    requestContext: {
      accountId: '000000000000',
      apiId: 'simulated',
      domainName: 'scim.example',
      domainPrefix: 'scim',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'simulation' },
      requestId: 'simulated',
      routeKey: '$default',
      stage: '$default',
      time: '',
      timeEpoch: 0,
    },
    isBase64Encoded: false,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

/** What an identity provider gets to know: no status when nobody answered. */
export interface Reply {
  readonly status: number | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}

export const NO_REPLY: Reply = { status: undefined, body: {} };
