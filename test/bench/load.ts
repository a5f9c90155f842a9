import { connect, type Socket } from 'node:net';

/** One request of a load; the answer's status must be one of `expect`. */
export interface Shot {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  readonly expect: readonly number[];
}

export interface Volley {
  readonly perSecond: number;
  /** Milliseconds of one request, in the median and for 99 of 100. */
  readonly medianMs: number;
  readonly p99Ms: number;
  /** What was answered, as text. */
  readonly answers: readonly string[];
}

export const CONNECTIONS = 16;

/**
 * Fires requests over sixteen kept connections, each as soon as the one before is answered. It writes HTTP/1.1 itself,
 * all requests beforehand: with Node's own client the load would cost more than a read does, and the client be measured.
 */
export async function fire(base: string, token: string, shots: readonly Shot[]): Promise<Volley> {
  const url = new URL(base);
  const requests = shots.map((shot) => requestOf(url, token, shot));
  const times: number[] = [];
  const answers: string[] = [];
  let next = 0;
  const worker = async () => {
    let connection = await open(url);
    while (next < shots.length) {
      const index = next++;
      const [shot, request] = [shots[index], requests[index]];
      if (shot === undefined || request === undefined) break;
      const from = performance.now();
      // A server that closes a connection it thinks idle is no answer: the request goes out on another.
      const again = async () => {
        connection = await open(url);
        return connection.ask(request);
      };
      const { status, body } = await connection.ask(request).catch(again);
      times.push(performance.now() - from);
      if (!shot.expect.includes(status)) {
        throw new Error(`${shot.method} ${shot.path} answered ${status}: ${body.slice(0, 300)}`);
      }
      answers[index] = body;
    }
    connection.close();
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  const seconds = (performance.now() - began) / 1000;
  times.sort((a, b) => a - b);
  return {
    perSecond: shots.length / seconds,
    medianMs: times[Math.floor(times.length / 2)] ?? 0,
    p99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
    answers,
  };
}

function requestOf({ host, pathname }: URL, token: string, { method, path, body }: Shot): Buffer {
  const text = body === undefined ? '' : JSON.stringify(body);
  const lines = [
    `${method} ${pathname}${path} HTTP/1.1`,
    `host: ${host}`,
    `authorization: Bearer ${token}`,
    'connection: keep-alive',
    ...(text === ''
      ? []
      : ['content-type: application/scim+json', `content-length: ${Buffer.byteLength(text)}`]),
  ];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n${text}`);
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

interface Connection {
  ask(request: Buffer): Promise<Answer>;
  close(): void;
}

async function open({ hostname, port }: URL): Promise<Connection> {
  const socket: Socket = connect({ host: hostname, port: Number(port), noDelay: true });
  await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
  let received: Buffer = Buffer.alloc(0);
  let waiting: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  const fail = (error: Error) => waiting?.reject(error);
  socket.on('error', fail);
  socket.on('close', () => fail(new Error('the server closed a connection')));
  socket.on('data', (chunk) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    const answer = wholeAnswer(received);
    if (answer === undefined) return;
    received = Buffer.alloc(0);
    waiting?.resolve(answer);
  });
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        waiting = { resolve, reject };
        if (socket.destroyed) fail(new Error('the server has closed the connection'));
        else socket.write(request);
      }),
    close: () => {
      socket.removeAllListeners('close').destroy();
    },
  };
}

/** The answer, once all of it is there. */
function wholeAnswer(received: Buffer): Answer | undefined {
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = received.toString('latin1', 0, end);
  const status = Number(head.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined && status !== 204) throw new Error('an answer without a content-length');
  const from = end + 4;
  if (received.length < from + Number(length ?? 0)) return undefined;
  return { status, body: received.toString('utf8', from) };
}
