import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { errorBody, type ScimError } from './error.ts';

/** What a route answers, before it becomes bytes. */
export interface ScimResponse {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const CONTENT_TYPE = 'application/scim+json; charset=utf-8';

export function toResult({ status, body, headers }: ScimResponse): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    headers: {
      ...(body === undefined ? {} : { 'content-type': CONTENT_TYPE }),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
}

export function errorResult(error: ScimError, correlation: string): APIGatewayProxyStructuredResultV2 {
  return toResult({
    status: error.status,
    body: errorBody(error),
    headers: { 'x-correlation-id': correlation, ...error.headers },
  });
}
