import { promisify } from 'node:util';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { once } from '../../runtime/once.ts';
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

/** A shorter answer isn't worth packing: it fits into a few packets as it is. */
const LEAST_PACKED = 16_384;
/** Packing is quick at this level, and JSON of many resources shrinks to a tenth all the same. */
// Node's own zlib takes a millisecond of a start.
const loadGzip = once(async () => promisify((await import('node:zlib')).gzip));

/**
 * The answer packed, where it is long and the client takes gzip (RFC 9110 section 12.5.3): a function answers in base64
 * then, which is still far less.
 */
export function packed(
  result: APIGatewayProxyStructuredResultV2,
  { headers }: Pick<Asked, 'headers'>,
): APIGatewayProxyStructuredResultV2 | Promise<APIGatewayProxyStructuredResultV2> {
  const { body = '' } = result;
  if (body.length < LEAST_PACKED) return result;
  const varied = { ...result, headers: { ...result.headers, vary: 'accept-encoding' } };
  return takesGzip(headers['accept-encoding']) ? pack(varied, body) : varied;
}

async function pack(
  result: APIGatewayProxyStructuredResultV2,
  body: string,
): Promise<APIGatewayProxyStructuredResultV2> {
  const gzip = await loadGzip();
  const bytes = await gzip(body, { level: 1 });
  return {
    ...result,
    headers: { ...result.headers, 'content-encoding': 'gzip' },
    body: bytes.toString('base64'),
    isBase64Encoded: true,
  };
}

/** Named itself or by `*`, and not with a weight of 0. */
function takesGzip(accepted = ''): boolean {
  const weights = new Map(
    accepted
      .toLowerCase()
      .split(',')
      .map((each) => {
        const [coding = '', weight = ''] = each.split(';');
        return [coding.trim(), weight.trim()] as const;
      }),
  );
  const weight = weights.get('gzip') ?? weights.get('x-gzip') ?? weights.get('*');
  return weight !== undefined && !/^q=0(?:\.0*)?$/.test(weight);
}

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
