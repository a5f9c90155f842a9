import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { decodeSegment, pathOf } from '../runtime/path.ts';
import { Rejection } from './rejection.ts';

/** What a provider sent, before it is believed: the bytes as they came, and what stands around them. */
export interface WebhookRequest {
  readonly method: string;
  /** Names in lower case; an HTTP API joins a header that came twice with a comma. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly query: URLSearchParams;
  readonly body: Buffer;
  /** What follows the source in the path. */
  readonly subtype: string | undefined;
}

/** Where a request goes: `/{tenant}/hooks/{source}[/{subtype}]`. */
export interface Target {
  readonly tenant: string;
  readonly source: string;
  readonly subtype: string | undefined;
}

/** The largest body of a provider that sends one event at a time, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;
/** That of one that sends many: 500 events of PingOne with room to spare. */
export const MAX_BATCH_BYTES = 4 * 1024 * 1024;

/** @returns undefined when the path isn't a webhook's at all */
export function readTarget(event: APIGatewayProxyEventV2): Target | undefined {
  const [, tenant, hooks, source, subtype, ...rest] = pathOf(event).split('/');
  if (tenant === undefined || hooks !== 'hooks' || source === undefined || source === '') return undefined;
  if (rest.some((segment) => segment !== '')) return undefined;
  return {
    tenant,
    source,
    subtype: subtype === undefined || subtype === '' ? undefined : decodeSegment(subtype),
  };
}

/**
 * The request with its raw bytes. Its size is known from the text alone, so that nothing large is decoded or hashed.
 *
 * @throws Rejection `too-large`
 */
export function readRequest(
  event: APIGatewayProxyEventV2,
  subtype: string | undefined,
  maxBytes = MAX_BODY_BYTES,
): WebhookRequest {
  const text = event.body ?? '';
  const encoding = event.isBase64Encoded ? 'base64' : 'utf8';
  const bytes = Buffer.byteLength(text, encoding);
  if (bytes > maxBytes) {
    throw new Rejection('too-large', `The body has ${bytes} bytes; at most ${maxBytes} are read.`);
  }
  return {
    method: event.requestContext.http.method.toUpperCase(),
    headers: event.headers,
    query: new URLSearchParams(event.rawQueryString),
    body: Buffer.from(text, encoding),
    subtype,
  };
}
