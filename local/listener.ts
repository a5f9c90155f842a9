import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { refusalOf } from './origin.ts';

/** A request with its whole body; header names are in lower case. */
export interface WholeRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface Listener {
  readonly port: number;
  /** Cuts every connection and resolves when the port is free. */
  close(): Promise<void>;
}

const MAX_BODY_BYTES = 5 * 1024 * 1024;

/** A small HTTP server for the stand-ins. `answer` may leave the response open; if it throws, that is a 500. */
export async function listen(
  { host = '127.0.0.1', port }: { readonly host?: string; readonly port: number },
  answer: (request: WholeRequest, response: ServerResponse) => Promise<void>,
): Promise<Listener> {
  const server = createServer((incoming, response) => {
    const refused = refusalOf(incoming);
    if (refused !== undefined) {
      incoming.resume();
      response.writeHead(refused).end();
      return;
    }
    const chunks: Buffer[] = [];
    let size = 0;
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > MAX_BODY_BYTES) incoming.destroy();
      else chunks.push(chunk);
    });
    incoming.on('end', () => {
      const headers = Object.fromEntries(
        Object.entries(incoming.headers).map(([name, value]) => [name, value?.toString()]),
      );
      const body = Buffer.concat(chunks).toString('utf8');
      answer({ method: incoming.method ?? 'GET', url: incoming.url ?? '/', headers, body }, response).catch(
        (error: unknown) => {
          console.error(error);
          if (!response.headersSent) response.writeHead(500).end();
        },
      );
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
