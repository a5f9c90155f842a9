import * as http from 'node:http';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { type HttpRequest, httpTransport, TransportError } from '../../functions/runtime/transport.ts';

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server that speaks HTTP; ends with the test. */
async function serve(answer: http.RequestListener): Promise<string> {
  const server = http.createServer(answer);
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?query=1`;
}

/** A server that does what it likes with a connection. */
async function serveSocket(take: (socket: Socket) => void): Promise<string> {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    take(socket);
  });
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

const send = (url: string, changes: Partial<HttpRequest> = {}) =>
  httpTransport({ method: 'GET', url, headers: {}, timeoutMs: 5_000, ...changes });

async function failureOf(exchange: Promise<unknown>): Promise<TransportError> {
  const failure: unknown = await exchange.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (failure instanceof TransportError) return failure;
  throw new Error(`no TransportError: ${String(failure)}`);
}

it('sends method, path, headers and the body with its length in bytes', async () => {
  const url = await serve((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method, url: path, headers } = incoming;
      outgoing.writeHead(201, { 'X-Shown': 'yes' });
      outgoing.end(JSON.stringify({ method, path, headers, body: Buffer.concat(chunks).toString() }));
    });
  });
  const response = await send(url, { method: 'POST', headers: { auth: 'token' }, body: '{"ü":"€"}' });
  expect(response).toMatchObject({ status: 201, headers: { 'x-shown': 'yes' } });
  expect(JSON.parse(response.body)).toMatchObject({
    method: 'POST',
    path: '/path?query=1',
    headers: { auth: 'token', 'content-length': '12' },
    body: '{"ü":"€"}',
  });
});

it('hands over what is no text as its bytes', async () => {
  const bytes = Buffer.from([0x1f, 0x8b, 0, 0xff, 0xfe, 0x80]);
  const url = await serve((_, outgoing) => outgoing.end(bytes));
  const answer = await send(url, { asBytes: true });
  expect(answer).toMatchObject({ status: 200, body: '' });
  expect(Buffer.from(answer.bytes ?? [])).toEqual(bytes);
});

it('follows no redirect', async () => {
  const url = await serve((_, outgoing) =>
    outgoing.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
  );
  expect((await send(url)).status).toBe(302);
});

it('knows that a request was not sent when nobody listens', async () => {
  expect(await failureOf(send('http://127.0.0.1:1/'))).toMatchObject({
    code: 'connection',
    sent: false,
    message: 'ECONNREFUSED',
  });
});

it('counts a request as sent when the connection is cut before an answer', async () => {
  const url = await serveSocket((socket) => socket.once('data', () => socket.destroy()));
  expect(await failureOf(send(url))).toMatchObject({ code: 'connection', sent: true });
});

it('counts a request as sent when the connection is cut within the answer', async () => {
  const url = await serveSocket((socket) =>
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly so much')),
  );
  expect(await failureOf(send(url))).toMatchObject({ code: 'connection', sent: true });
});

it('counts a request as sent when the answer is no HTTP', async () => {
  const url = await serveSocket((socket) =>
    socket.once('data', () => socket.end('220 mail.example ESMTP\r\n')),
  );
  expect(await failureOf(send(url))).toMatchObject({ code: 'connection', sent: true });
});

it('gives up when its time is over, whether an answer never begins or never ends', async () => {
  const silent = await serve(() => undefined);
  const endless = await serve((_, outgoing) => outgoing.writeHead(200).write('and so on'));
  for (const url of [silent, endless]) {
    expect(await failureOf(send(url, { timeoutMs: 50 }))).toMatchObject({
      code: 'timeout',
      sent: true,
      message: 'no answer within 50 ms',
    });
  }
});

it('gives up an answer that is larger than any it expects', async () => {
  const url = await serve((_, outgoing) => outgoing.end(Buffer.alloc(5 * 1024 * 1024 + 1, 'x')));
  expect(await failureOf(send(url))).toMatchObject({ code: 'too-large', sent: true });
});

it('reads an answer of exactly the largest size, and characters that arrive in two parts', async () => {
  const body = Buffer.from(`${'x'.repeat(5 * 1024 * 1024 - 3)}€`);
  const url = await serve((_, outgoing) => {
    outgoing.write(body.subarray(0, -1));
    setImmediate(() => outgoing.end(body.subarray(-1)));
  });
  expect((await send(url)).body.endsWith('x€')).toBe(true);
});
