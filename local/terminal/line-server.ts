import { randomBytes } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { sameText } from '../../functions/webhook/verify/equal.ts';
import { listen } from '../listener.ts';

/** A line of what happens, and the tenant that it happens to. */
export interface ToldLine {
  readonly tenant: string;
  readonly text: string;
}

/** Tells what happens to those who ask for it, until they go. */
export interface LineServer {
  readonly url: string;
  /** Any user of the machine can reach the port; the key is in a file that its owner alone can read. */
  readonly key: string;
  tell(line: ToldLine): void;
  close(): Promise<void>;
}

/** Serves lines as they come, a JSON value each. Who can't keep up is let go. */
export async function serveLines(): Promise<LineServer> {
  const key = randomBytes(24).toString('hex');
  const readers = new Set<ServerResponse>();
  const listener = await listen({ port: 0 }, async ({ headers }, response) => {
    if (!sameText(headers.authorization ?? '', `Bearer ${key}`)) {
      response.writeHead(401).end();
      return;
    }
    response.writeHead(200, { 'content-type': 'application/x-ndjson' }).flushHeaders();
    readers.add(response);
    response.on('close', () => readers.delete(response));
  });
  return {
    url: `http://127.0.0.1:${listener.port}/`,
    key,
    tell: (line) => {
      for (const reader of readers) {
        if (reader.writableLength > MOST_WAITING) reader.destroy();
        else reader.write(`${JSON.stringify(line)}\n`);
      }
    },
    close: () => listener.close(),
  };
}

/** Bytes that a reader may be behind. */
const MOST_WAITING = 1024 * 1024;
