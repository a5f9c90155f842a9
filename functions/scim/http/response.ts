import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { errorBody, ScimError } from './error.ts';

/** What a route answers, before it becomes bytes. */
export interface ScimResponse {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What of a request an answer depends on. */
interface Asked {
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly requestContext: { readonly http: { readonly method: string } };
}

const SCIM_JSON = 'application/scim+json; charset=utf-8';
const PLAIN_JSON = 'application/json; charset=utf-8';

/** A Lambda function can answer 6 MB, with headers. */
const MAX_ANSWER_BYTES = 5_500_000;

/** @throws ScimError 400 `tooMany` for an answer that is larger than what can be sent */
export function toResult(
  { status, body, headers }: ScimResponse,
  asked: Asked,
): APIGatewayProxyStructuredResultV2 {
  const text = body === undefined ? undefined : JSON.stringify(body);
  if (text !== undefined) refuseOversize(text);
  return {
    statusCode: status,
    headers: {
      ...(text === undefined ? {} : { 'content-type': contentTypeFor(asked.headers.accept) }),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...headers,
    },
    ...(text === undefined || asked.requestContext.http.method === 'HEAD' ? {} : { body: text }),
  };
}

export function errorResult(
  error: ScimError,
  correlation: string,
  asked: Asked,
): APIGatewayProxyStructuredResultV2 {
  return toResult(
    {
      status: error.status,
      body: errorBody(error, correlation),
      headers: { 'x-correlation-id': correlation, ...error.headers },
    },
    asked,
  );
}

/** RFC 7644 section 3.8: `application/scim+json`, unless the client takes plain JSON only, as OneLogin's does. */
function contentTypeFor(accept = ''): string {
  return /\bapplication\/json\b/i.test(accept) && !/scim\+json/i.test(accept) ? PLAIN_JSON : SCIM_JSON;
}

function refuseOversize(text: string): void {
  if (text.length * 3 <= MAX_ANSWER_BYTES) return;
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_ANSWER_BYTES) return;
  throw new ScimError(
    400,
    `The answer would have ${bytes} bytes; ask for fewer resources with count, or for less of each with attributes or excludedAttributes.`,
    { scimType: 'tooMany' },
  );
}
