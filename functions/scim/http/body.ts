import { isUtf8 } from 'node:buffer';
import { promisify } from 'node:util';
import type middy from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { once } from '../../runtime/once.ts';
import { ScimError } from './error.ts';

/** The largest body that is read, in bytes; what ServiceProviderConfig says of bulk requests too. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** That of a group, whose members come in one list; a Lambda function takes 6 MB, in base64. */
const MAX_GROUP_BODY_BYTES = 4 * 1024 * 1024;

/** What the parser looks for at each value, which takes it six times as long as reading JSON does. */
const SUSPICIOUS = /__proto__|constructor|\\u/;
/** Beyond it a body can be nested so deeply that the parser refuses it. */
const LONGEST_PLAIN = 16_384;
const JSON_TYPE = /^application\/(?:scim\+)?json(?:;|$)/i;

const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** A request whose body has been read: `body` is its text, `parsed` its value. */
export interface ParsedEvent extends APIGatewayProxyEventV2 {
  /** Undefined for methods without a body. */
  parsed?: unknown;
}

/**
 * Size, then compression, encoding, content type and JSON: the parser is middy's own, attached only where there is a body
 * (it refuses a GET), and what it refuses becomes a SCIM Error.
 *
 * @throws ScimError 413, 415, or 400 `invalidSyntax`
 */
export function scimJsonBody() {
  const parser = httpJsonBodyParser<ParsedEvent>();
  return {
    before: async (request: middy.Request<ParsedEvent>) => {
      const { event } = request;
      if (!METHODS_WITH_BODY.has(event.requestContext.http.method)) return;
      refuseOversize(event);
      if (event.body === undefined || event.body === '') {
        throw new ScimError(400, 'The request has no body; a JSON object is needed.', {
          scimType: 'invalidSyntax',
        });
      }
      const coding = event.headers['content-encoding']?.trim().toLowerCase();
      if (coding !== undefined) await unpack(event, coding);
      if (event.isBase64Encoded) decode(event);
      // .NET writes a byte order mark, which JSON.parse doesn't take (RFC 8259 section 8.1 lets it be ignored).
      if (event.body.startsWith('\uFEFF')) event.body = event.body.slice(1);
      const text = event.body;
      event.parsed = plainJson(text, event.headers['content-type']);
      if (event.parsed !== undefined) return;
      try {
        await parser.before?.(request);
      } catch (error) {
        throw rejection(error, event.headers['content-type']);
      }
      // The parser puts the value in the text's place.
      event.parsed = event.body;
      event.body = text;
    },
  };
}

/** The value of a body in which the parser would find nothing to refuse; undefined for one that it has to look at. */
function plainJson(text: string, contentType = ''): unknown {
  if (text.length > LONGEST_PLAIN || !JSON_TYPE.test(contentType) || SUSPICIOUS.test(text)) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function mostBytes({ rawPath }: APIGatewayProxyEventV2): number {
  return /\/Groups(\/[^/]*)?\/?$/i.test(rawPath) ? MAX_GROUP_BODY_BYTES : MAX_BODY_BYTES;
}

function refuseOversize(event: APIGatewayProxyEventV2) {
  const { body = '', isBase64Encoded } = event;
  const most = mostBytes(event);
  // A UTF-16 unit takes 3 bytes at most: nearly every body needs no counting.
  if (!isBase64Encoded && body.length * 3 <= most) return;
  const bytes = Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8');
  if (bytes <= most) return;
  throw new ScimError(413, `The body has ${bytes} bytes; the maxPayloadSize is ${most}.`);
}

/**
 * Unpacks a body sent with `Content-Encoding: gzip` (RFC 9110 section 8.4.1.3), to no more than a body may have.
 *
 * @throws ScimError 415 for another coding (RFC 9110 section 15.5.16), 413 for what is too large unpacked, 400 for what is
 * no gzip
 */
async function unpack(event: APIGatewayProxyEventV2, coding: string): Promise<void> {
  if (coding === '' || coding === 'identity') return;
  if (coding !== 'gzip' && coding !== 'x-gzip') {
    throw new ScimError(
      415,
      `Content-Encoding is "${coding.slice(0, 60)}"; send the body with gzip or as it is.`,
      { headers: { 'accept-encoding': 'gzip' } },
    );
  }
  const most = mostBytes(event);
  const packed = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const unpacked = await loadUnpacked();
  const bytes = await unpacked(packed, { maxOutputLength: most }).catch((error: { code?: string }) => {
    throw error.code === 'ERR_BUFFER_TOO_LARGE'
      ? new ScimError(413, `The body has more than ${most} bytes unpacked, which is the maxPayloadSize.`)
      : new ScimError(400, 'The body is not in gzip, as its Content-Encoding says.', {
          scimType: 'invalidSyntax',
        });
  });
  event.body = bytes.toString('base64');
  event.isBase64Encoded = true;
}

const loadUnpacked = once(async () => promisify((await import('node:zlib')).gunzip));

/** What isn't text by its content type comes in base64; read as it is, broken UTF-8 would become other characters. */
function decode(event: APIGatewayProxyEventV2) {
  const bytes = Buffer.from(event.body ?? '', 'base64');
  if (!isUtf8(bytes)) {
    throw new ScimError(400, 'The body is not valid UTF-8.', { scimType: 'invalidSyntax' });
  }
  event.body = bytes.toString('utf8');
  event.isBase64Encoded = false;
}

function rejection(error: unknown, contentType: string | undefined): unknown {
  const { statusCode: status, cause } = error as { statusCode?: number; cause?: { data?: unknown } };
  if (status === 415) {
    const given = contentType === undefined ? 'missing' : `"${contentType.slice(0, 60)}"`;
    return new ScimError(415, `Content-Type is ${given}; use application/scim+json or application/json.`);
  }
  if (status === undefined || status >= 500) return error;
  // The parser names the key of a prototype that it won't read, and else quotes the whole body.
  const key = cause?.data === '__proto__' || cause?.data === 'constructor' ? cause.data : undefined;
  const reason =
    key === undefined ? 'The body is not valid JSON.' : `The name "${key}" can't be used in the body.`;
  return new ScimError(400, reason, { scimType: 'invalidSyntax' });
}
