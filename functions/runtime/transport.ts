import * as http from 'node:http';
import * as https from 'node:https';
import { compact } from './compact.ts';

/** One HTTP exchange as the product's clients need it: whole bodies, a hard time limit, no redirects. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Milliseconds until the exchange is given up, from the first byte out to the last byte in. */
  readonly timeoutMs: number;
  /** Most of an answer, in bytes; without it 5 MB. */
  readonly maxBytes?: number;
  /** The answer is no text: it is in `bytes`, and `body` stays empty. */
  readonly asBytes?: true;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly bytes?: Uint8Array;
}

/** Rejects with a `TransportError` and nothing else. */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

/**
 * An exchange that gave no answer. `sent` is false only when the request certainly never reached the server
 * (no connection was made), so the caller need not wonder whether it was applied.
 */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly code: 'timeout' | 'connection' | 'too-large';
  readonly sent: boolean;

  constructor(code: 'timeout' | 'connection' | 'too-large', sent: boolean, message: string) {
    super(message);
    this.code = code;
    this.sent = sent;
  }
}

/** Answers longer than this are cut off: most of what the product calls sends less. */
const MAX_RESPONSE_BYTES = 5 * 1024 * 1024;

/**
 * The transport for real networks. `node:http` and not `fetch`: it loads ten times faster in a cold function, and the
 * AWS SDK has it in memory already. Each exchange has a connection of its own: at one call a second reuse saves little,
 * while a kept connection that the server has closed meanwhile would leave a create with an unknown outcome.
 */
export const httpTransport: Transport = (request) =>
  new Promise((resolve, reject) => {
    const url = new URL(request.url);
    const { maxBytes = MAX_RESPONSE_BYTES } = request;
    const secure = url.protocol === 'https:';
    let connected = false;
    const fail = (code: TransportError['code'], message: string) => {
      reject(new TransportError(code, connected, message));
      outgoing.destroy();
    };
    const outgoing = (secure ? https : http).request(url, {
      method: request.method,
      headers: {
        ...request.headers,
        ...(request.body === undefined ? {} : { 'content-length': Buffer.byteLength(request.body) }),
      },
      agent: false,
    });
    const timer = setTimeout(
      () => fail('timeout', `no answer within ${request.timeoutMs} ms`),
      request.timeoutMs,
    );
    outgoing.on('socket', (socket) => {
      socket.once(secure ? 'secureConnect' : 'connect', () => (connected = true));
    });
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      fail('connection', error.code ?? 'connection failed');
    });
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      let size = 0;
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > maxBytes) fail('too-large', `answer is over ${maxBytes} bytes`);
        else chunks.push(chunk);
      });
      incoming.on('error', (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        fail('connection', error.code ?? 'connection failed');
      });
      incoming.on('end', () => {
        clearTimeout(timer);
        const whole = Buffer.concat(chunks);
        resolve({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(
            Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
          ),
          body: request.asBytes === true ? '' : whole.toString('utf8'),
          ...compact({ bytes: request.asBytes === true ? whole : undefined }),
        });
      });
    });
    outgoing.end(request.body);
  });
