import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';

/** What tests change of a request; everything else is as API Gateway sends it. */
export interface EventOptions {
  /** Names in lower case, as API Gateway has them; undefined takes one out. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  /** An object becomes JSON, text stays as it is, and bytes come in base64. */
  readonly body?: unknown;
  readonly base64?: boolean;
  readonly query?: Readonly<Record<string, string>>;
  /** The query as it stands in the request line, instead of `query`. */
  readonly rawQuery?: string;
  /** A named stage is in front of the path. */
  readonly stage?: string;
}

/** A request as an HTTP API hands it to a function: an event of payload version 2.0. */
export function scimEvent(method: string, path: string, options: EventOptions = {}): APIGatewayProxyEventV2 {
  const { body, query = {}, stage = '$default' } = options;
  const isAsIs = body === undefined || typeof body === 'string' || Buffer.isBuffer(body);
  const text = isAsIs ? body : JSON.stringify(body);
  const base64 = options.base64 ?? Buffer.isBuffer(body);
  const headers = {
    host: 'id.execute-api.eu-central-1.amazonaws.com',
    'x-forwarded-proto': 'https',
    ...(text === undefined ? {} : { 'content-type': 'application/scim+json' }),
    ...options.headers,
  };
  const rawPath = stage === '$default' ? path : `/${stage}${path}`;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: options.rawQuery ?? new URLSearchParams(query).toString(),
    headers: Object.fromEntries(
      Object.entries(headers).filter((header): header is [string, string] => header[1] !== undefined),
    ),
    requestContext: {
      accountId: '123456789012',
      apiId: 'id',
      domainName: 'id.execute-api.eu-central-1.amazonaws.com',
      domainPrefix: 'id',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: '' },
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey: '$default',
      stage,
      time: '23/Nov/2026:10:00:00 +0000',
      timeEpoch: 1_795_428_000_000,
    },
    isBase64Encoded: base64,
    ...(text === undefined ? {} : { body: base64 ? Buffer.from(text).toString('base64') : text.toString() }),
  };
}

/** The context of an invocation that has so many milliseconds left. */
export function contextWith(remaining = 29_000): Context {
  return {
    awsRequestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'scim',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:scim',
    memoryLimitInMB: '512',
    logGroupName: 'scim',
    logStreamName: 'scim',
    getRemainingTimeInMillis: () => remaining,
    done() {},
    fail() {},
    succeed() {},
  };
}
