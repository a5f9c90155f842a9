import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { ScimError } from './error.ts';

/** The largest body that is read, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

interface BodyRequest {
  event: APIGatewayProxyEventV2;
}

/**
 * Size, then content type, then JSON: the parser is middy's own, attached only where there is a body (it refuses a GET),
 * and what it refuses becomes a SCIM Error.
 *
 * @throws ScimError 413, 415, or 400 `invalidSyntax`
 */
export function scimJsonBody() {
  const parser = httpJsonBodyParser();
  return {
    before: async (request: BodyRequest) => {
      const { event } = request;
      if (!METHODS_WITH_BODY.has(event.requestContext.http.method)) return;
      refuseOversize(event);
      if (event.body === undefined || event.body === '') {
        throw new ScimError(400, 'The request has no body; a JSON object is needed.', {
          scimType: 'invalidSyntax',
        });
      }
      try {
        await parser.before?.(request as never);
      } catch (error) {
        throw refusal(error, event.headers['content-type']);
      }
    },
  };
}

function refuseOversize(event: APIGatewayProxyEventV2) {
  const bytes = Buffer.byteLength(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  if (bytes > MAX_BODY_BYTES) {
    throw new ScimError(413, `The body has ${bytes} bytes; at most ${MAX_BODY_BYTES} are read.`);
  }
}

function refusal(error: unknown, contentType: string | undefined): unknown {
  const status = (error as { statusCode?: number }).statusCode;
  if (status === 415) {
    const given = contentType === undefined ? 'missing' : `"${contentType.slice(0, 60)}"`;
    return new ScimError(415, `Content-Type is ${given}; use application/scim+json or application/json.`);
  }
  if (status !== undefined && status < 500) {
    return new ScimError(400, 'The body is not valid JSON.', { scimType: 'invalidSyntax' });
  }
  return error;
}
