import * as http from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { afterEach, describe, expect, it } from 'vitest';
import { type Gateway, type HttpFunction, serveGateway } from '../../local/gateway.ts';

const MEGABYTES_10 = 10 * 1024 * 1024;
const gateways: Gateway[] = [];

afterEach(async () => {
  for (const gateway of gateways.splice(0)) await gateway.close();
});

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A gateway whose function at `/there` keeps what it is given. */
async function serve(answer: HttpFunction = async () => ({ statusCode: 204 })) {
  const events: APIGatewayProxyEventV2[] = [];
  const contexts: Context[] = [];
  const gateway = await serveGateway(
    (path) =>
      path.startsWith('/there')
        ? (event, context) => {
            events.push(event);
            contexts.push(context);
            return answer(event, context);
          }
        : undefined,
    { host: '127.0.0.1', port: 0 },
  );
  gateways.push(gateway);
  const send = (
    method: string,
    path: string,
    { headers = {}, body }: { headers?: http.OutgoingHttpHeaders; body?: string | Buffer } = {},
  ): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const request = http.request(
        { port: gateway.port, method, path, headers, agent: false },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              body: Buffer.concat(chunks),
            }),
          );
        },
      );
      request.on('error', reject);
      request.end(body);
    });
  return { gateway, send, events, contexts };
}

const json = { 'Content-Type': 'application/scim+json' };
const replying = (result: APIGatewayProxyStructuredResultV2) => serve(async () => result);

describe('a request', () => {
  it('becomes an event as API Gateway makes it', async () => {
    const { gateway, send, events, contexts } = await serve();
    await send('PATCH', '/there/a%20b?filter=x%20eq%20%22y%22&a=1&a=2', {
      headers: { 'User-Agent': 'test/1' },
    });
    expect(events).toMatchObject([
      {
        version: '2.0',
        routeKey: '$default',
        rawPath: '/there/a%20b',
        rawQueryString: 'filter=x%20eq%20%22y%22&a=1&a=2',
        requestContext: {
          stage: '$default',
          domainName: `localhost:${gateway.port}`,
          http: {
            method: 'PATCH',
            path: '/there/a%20b',
            protocol: 'HTTP/1.1',
            sourceIp: '127.0.0.1',
            userAgent: 'test/1',
          },
        },
        isBase64Encoded: false,
      },
    ]);
    expect(contexts[0]?.awsRequestId).toBe(events[0]?.requestContext.requestId);
  });

  it('has its header names in lower case, and those that came twice in one', async () => {
    const { send, events } = await serve();
    await send('GET', '/there', { headers: { Authorization: 'Bearer X', 'X-Twice': ['a', 'b'] } });
    expect(events[0]?.headers).toMatchObject({ authorization: 'Bearer X', 'x-twice': 'a, b' });
    expect(Object.keys(events[0]?.headers ?? {})).toEqual(
      Object.keys(events[0]?.headers ?? {}).map((name) => name.toLowerCase()),
    );
  });

  it('cannot say of itself how it came', async () => {
    const { send, events } = await serve();
    await send('GET', '/there', { headers: { 'X-Forwarded-Proto': 'https' } });
    expect(events[0]?.headers['x-forwarded-proto']).toBe('http');
  });

  it('has an id of its own and the time that an HTTP API gives', async () => {
    const { send, contexts } = await serve(async (_, context) => ({
      statusCode: 200,
      body: String(context.getRemainingTimeInMillis()),
    }));
    const remaining = Number((await send('GET', '/there')).body.toString());
    await send('GET', '/there');
    expect(remaining).toBeGreaterThan(0);
    expect(remaining).toBeLessThanOrEqual(29_000);
    expect(new Set(contexts.map(({ awsRequestId }) => awsRequestId)).size).toBe(2);
  });
});

describe('a body', () => {
  it.each([
    ['application/scim+json', ' {"name" :\r\n"Žofie 😀"}\n'],
    ['application/json; charset=utf-8', '\uFEFF{}'],
    ['APPLICATION/JSON', '{}'],
    ['text/plain', 'ü'],
    ['application/x-www-form-urlencoded', 'a=%20'],
    ['application/secevent+xml', '<a/>'],
  ])('of %s is passed as text, byte for byte', async (type, body) => {
    const { send, events } = await serve();
    await send('POST', '/there', { headers: { 'Content-Type': type }, body });
    expect(events[0]).toMatchObject({ body, isBase64Encoded: false });
  });

  it.each([
    ['another type', { 'Content-Type': 'application/octet-stream' }, Buffer.from('text')],
    ['no type', {}, Buffer.from('{}')],
    ['a signed event', { 'Content-Type': 'application/secevent+jwt' }, Buffer.from('eyJ')],
    ['bytes that are no text', json, Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d])],
    ['a character cut in two', json, Buffer.from('{"ü').subarray(0, -1)],
  ])('of %s is passed as base64, byte for byte', async (_, headers, body) => {
    const { send, events } = await serve();
    await send('POST', '/there', { headers, body });
    expect(events[0]?.isBase64Encoded).toBe(true);
    expect(Buffer.from(events[0]?.body ?? '', 'base64')).toEqual(body);
  });

  it('that is not there is not in the event', async () => {
    const { send, events } = await serve();
    await send('POST', '/there', { headers: json });
    expect(events[0]).not.toHaveProperty('body');
  });

  it('may have ten megabytes and not a byte more', async () => {
    const { send, events } = await serve();
    expect(
      (await send('POST', '/there', { headers: json, body: Buffer.alloc(MEGABYTES_10, 'x') })).status,
    ).toBe(204);
    const refused = await send('POST', '/there', {
      headers: json,
      body: Buffer.alloc(MEGABYTES_10 + 1, 'x'),
    });
    expect(refused.status).toBe(413);
    expect(JSON.parse(refused.body.toString())).toEqual({ message: 'Request Entity Too Large' });
    expect(events.map(({ body }) => body?.length)).toEqual([MEGABYTES_10]);
  });
});

describe('an answer', () => {
  it('has the status, headers and text of the result', async () => {
    const { send } = await replying({
      statusCode: 201,
      headers: { Location: 'x', ETag: 'W/"1"' },
      body: '{"ü":1}',
    });
    const answer = await send('POST', '/there', { headers: json, body: '{}' });
    expect(answer).toMatchObject({ status: 201, headers: { location: 'x', etag: 'W/"1"' } });
    expect(answer.body.toString()).toBe('{"ü":1}');
  });

  it('has the bytes of a result in base64', async () => {
    const bytes = Buffer.from([0, 255, 1]);
    const { send } = await replying({
      statusCode: 200,
      isBase64Encoded: true,
      body: bytes.toString('base64'),
    });
    expect((await send('GET', '/there')).body).toEqual(bytes);
  });

  it('is empty where the result has no body', async () => {
    const { send } = await replying({ statusCode: 204 });
    expect((await send('DELETE', '/there')).body).toHaveLength(0);
  });

  it('is 404 where no function is, and none is called', async () => {
    const { send, events } = await serve();
    const answer = await send('POST', '/elsewhere', { headers: json, body: '{}' });
    expect(answer.status).toBe(404);
    expect(JSON.parse(answer.body.toString())).toEqual({ message: 'Not Found' });
    expect(events).toEqual([]);
  });

  it('is 500 without a word of why when a function fails, and the next request is served', async () => {
    let fails = true;
    const { send } = await serve(async () => {
      if (fails) throw new Error('secret reason');
      return { statusCode: 204 };
    });
    const answer = await send('GET', '/there');
    expect(answer.status).toBe(500);
    expect(answer.body.toString()).not.toContain('secret reason');
    fails = false;
    expect((await send('GET', '/there')).status).toBe(204);
  });
});

describe('closing', () => {
  it('lets a request under way end, and frees the port', async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
    const { promise: finish, resolve: letFinish } = Promise.withResolvers<void>();
    const { gateway, send } = await serve(async () => {
      ask();
      await finish;
      return { statusCode: 200, body: 'done' };
    });
    const answer = send('GET', '/there');
    await asked;
    const closed = gateway.close();
    letFinish();
    expect((await answer).body.toString()).toBe('done');
    await closed;
    await expect(send('GET', '/there')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('does not wait for connections that are kept without a request', async () => {
    const { gateway } = await serve();
    const response = await fetch(`http://127.0.0.1:${gateway.port}/there`);
    await response.text();
    await gateway.close();
    await expect(fetch(`http://127.0.0.1:${gateway.port}/there`)).rejects.toThrow();
  });
});

it('a port that is taken is an error with the port', async () => {
  const { gateway } = await serve();
  await expect(
    serveGateway(() => undefined, { host: '127.0.0.1', port: gateway.port }),
  ).rejects.toMatchObject({
    code: 'EADDRINUSE',
    port: gateway.port,
  });
});
