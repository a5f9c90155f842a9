import { randomUUID } from 'node:crypto';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { timestamp } from '../functions/runtime/clock.ts';
import { compact } from '../functions/runtime/compact.ts';
import { contextOf } from './context.ts';
import { refusalOf } from './origin.ts';

/** A Lambda function behind an HTTP API. */
export type HttpFunction = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

export interface Gateway {
  readonly port: number;
  /** Stops listening and lets requests under way end. */
  close(): Promise<void>;
}

const NOTHING = Buffer.alloc(0);
/** API Gateway's own limit of a request's body. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;
/** The time-out of an HTTP API's integration, for `getRemainingTimeInMillis`. */
const INTEGRATION_TIMEOUT_MS = 29_000;

/**
 * API Gateway's HTTP API on one machine: each request becomes an event of payload version 2.0, goes to the function that
 * `route` names, and its result becomes the response. Raw bytes are kept: a body that isn't text is passed as base64.
 *
 * @param route the function for a path; undefined answers 404 as API Gateway does
 */
export async function serveGateway(
  route: (path: string) => HttpFunction | undefined,
  {
    host,
    port,
    publicUrl,
  }: { readonly host: string; readonly port: number; readonly publicUrl?: string | undefined },
): Promise<Gateway> {
  const known = publicUrl === undefined ? undefined : new URL(publicUrl);
  // Of a request without a body no stream is waited for, which takes a good part of the time of a small answer.
  const server = http.createServer({ optimizeEmptyRequests: true }, (incoming, outgoing) => {
    exchange(route, known, incoming, outgoing).catch(() => {
      if (!outgoing.headersSent) plain(outgoing, 500, 'Internal Server Error');
      else outgoing.destroy();
    });
  });
  server.keepAliveTimeout = 65_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeIdleConnections();
      }),
  };
}

async function exchange(
  route: (path: string) => HttpFunction | undefined,
  publicUrl: URL | undefined,
  incoming: http.IncomingMessage,
  outgoing: http.ServerResponse,
): Promise<void> {
  const refused = refusalOf(incoming, publicUrl?.host);
  if (refused !== undefined) {
    incoming.resume();
    return plain(outgoing, refused, refused === 421 ? 'Misdirected Request' : 'Forbidden');
  }
  const [rawPath = '/', rawQueryString = ''] = split(incoming.url ?? '/');
  const serve = route(rawPath);
  if (serve === undefined) return plain(outgoing, 404, 'Not Found');
  const body = incoming.readableEnded ? NOTHING : await readBody(incoming);
  if (body === undefined) return plain(outgoing, 413, 'Request Entity Too Large');
  const requestId = randomUUID();
  const result = await serve(
    toEvent(incoming, publicUrl, rawPath, rawQueryString, body, requestId),
    contextOf(requestId, INTEGRATION_TIMEOUT_MS),
  );
  respond(outgoing, result);
}

/** Without a content-length, which functions leave to the gateway, Node would send the body in chunks. */
function respond(outgoing: http.ServerResponse, result: APIGatewayProxyStructuredResultV2): void {
  const { statusCode = 200, headers = {}, body, isBase64Encoded, cookies } = result;
  // Text goes out in one piece with its headers.
  const content = isBase64Encoded ? Buffer.from(body ?? '', 'base64') : (body ?? '');
  const length =
    statusCode === 204 || statusCode === 304 ? {} : { 'content-length': Buffer.byteLength(content) };
  const kept = cookies === undefined ? {} : { 'set-cookie': cookies };
  outgoing.writeHead(statusCode, { ...headers, ...length, ...kept } as http.OutgoingHttpHeaders);
  outgoing.end(content);
}

function toEvent(
  incoming: http.IncomingMessage,
  publicUrl: URL | undefined,
  rawPath: string,
  rawQueryString: string,
  body: Buffer,
  requestId: string,
): APIGatewayProxyEventV2 {
  const headers: Record<string, string> = {
    'x-forwarded-proto': publicUrl?.protocol === 'https:' ? 'https' : 'http',
  };
  for (const [name, value] of Object.entries(incoming.headers)) {
    if (value !== undefined && name !== 'x-forwarded-proto') headers[name] = String(value);
  }
  const method = incoming.method ?? 'GET';
  const now = Date.now();
  const text = textOf(body, headers['content-type']);
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString,
    ...(incoming.headers.cookie === undefined ? {} : { cookies: incoming.headers.cookie.split('; ') }),
    headers,
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: publicUrl?.host ?? headers.host ?? 'localhost',
      domainPrefix: 'local',
      http: {
        method,
        path: rawPath,
        protocol: `HTTP/${incoming.httpVersion}`,
        sourceIp: incoming.socket.remoteAddress ?? '',
        userAgent: headers['user-agent'] ?? '',
      },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: timestamp(now),
      timeEpoch: now,
    },
    isBase64Encoded: text === undefined,
    ...compact({ body: body.length === 0 ? undefined : (text ?? body.toString('base64')) }),
  };
}

/** The whole body, or undefined when it is over the limit (the rest is then read and thrown away). */
function readBody(incoming: http.IncomingMessage): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY_BYTES) chunks.push(chunk);
    });
    incoming.on('end', () => resolve(size > MAX_BODY_BYTES ? undefined : Buffer.concat(chunks, size)));
    incoming.on('error', reject);
  });
}

/** The body as text where it is text by its content type and its bytes; else it goes as base64. */
function textOf(body: Buffer, contentType: string | undefined): string | undefined {
  if (
    !/^(text\/|application\/(.+\+)?(json|xml)|application\/x-www-form-urlencoded)/i.test(contentType ?? '')
  ) {
    return body.length === 0 ? '' : undefined;
  }
  const text = body.toString('utf8');
  return text.includes('\uFFFD') ? undefined : text;
}

function split(url: string): [string, string] {
  const mark = url.indexOf('?');
  return mark === -1 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
}

function plain(outgoing: http.ServerResponse, status: number, message: string): void {
  const headers = { 'content-type': 'application/json' };
  respond(outgoing, { statusCode: status, headers, body: JSON.stringify({ message }) });
}
