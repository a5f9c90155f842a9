import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { shortId } from '../runtime/correlation.ts';
import type { HandshakeAnswer } from './handshake.ts';
import type { Counts } from './ingest.ts';
import { STATUSES, type WebhookProvider } from './provider.ts';
import { Rejection } from './rejection.ts';

const HEADERS = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
const RETRY_SECONDS = '60';
const UNPROVEN =
  'The request does not prove that it comes from a source here; addresses are /{tenant}/hooks/{source}.';

/** The answer to a delivery that was taken, in the words that its provider wants to hear. */
export function acceptedResult(source: WebhookProvider, counts: Counts): APIGatewayProxyStructuredResultV2 {
  const statuses = { ...STATUSES, ...source.statuses };
  const { stored, repeated, nothing, bad } = counts;
  const isUseful = stored + repeated + nothing > 0;
  if (!isUseful && bad > 0) {
    return json(statuses.bad, {
      error: 'bad-item',
      message: 'Nothing in the body was understood; see the log of refusals.',
    });
  }
  const status = isUseful ? statuses.stored : statuses.ignored;
  return statuses.body === '' || status === 204 ? { statusCode: status, headers: HEADERS } : json(status, {});
}

export function handshakeResult({
  status,
  headers,
  body,
}: HandshakeAnswer): APIGatewayProxyStructuredResultV2 {
  return { statusCode: status, headers: { ...HEADERS, ...headers }, body };
}

/** The answer to a request that proves nothing, after too many of those. */
export function limitedResult(seconds: number): APIGatewayProxyStructuredResultV2 {
  const message = `There are too many requests that prove nothing; send it again in ${seconds} s.`;
  return json(429, { error: 'too-many', message }, { 'retry-after': String(seconds) });
}

/** The answer as long as nothing can be taken at all; whose delivery it would be isn't known. */
export function unreadyResult(message: string): APIGatewayProxyStructuredResultV2 {
  return json(503, { error: 'unready', message }, { 'retry-after': RETRY_SECONDS });
}

/** The answer to whatever was thrown; our own failure is never a 4xx, since many providers don't repeat those. */
export function failedResult(
  error: unknown,
  source: WebhookProvider | undefined,
  correlation: string,
): APIGatewayProxyStructuredResultV2 {
  const statuses = { ...STATUSES, ...source?.statuses };
  const id = { 'x-correlation-id': correlation };
  if (!(error instanceof Rejection)) {
    const message = `Something went wrong on our side; please send it again. Correlation id: ${correlation}`;
    return json(statuses.failed, { error: 'failed', message }, { ...id, 'retry-after': RETRY_SECONDS });
  }
  const { code } = error;
  // A stranger isn't told which tenants and sources there are; the log of refusals has the reason, under this id.
  if (error.isUnauthenticated || code === 'unknown-source') {
    return json(
      statuses.refused,
      { error: 'unauthorized', message: `${UNPROVEN} (${shortId(correlation)})` },
      id,
    );
  }
  const body = { error: code, message: `${error.message} (${shortId(correlation)})` };
  switch (code) {
    case 'unknown-path':
      return json(404, body, id);
    case 'too-large':
      return json(413, body, id);
    case 'method':
      return json(405, body, { ...id, allow: 'POST' });
    case 'paused':
      return json(statuses.failed, body, { ...id, 'retry-after': '3600' });
    default:
      return json(statuses.bad, body, id);
  }
}

function json(
  statusCode: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', ...HEADERS, ...headers },
    body: JSON.stringify(body),
  };
}
