import * as http from 'node:http';

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
  readonly answers: unknown[];
}

export const CONNECTIONS = 16;

/** Fires requests over sixteen kept connections, each as soon as the one before is answered. */
export async function fire(base: string, token: string, shots: readonly Shot[]): Promise<Volley> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const times: number[] = [];
  const answers: unknown[] = [];
  let next = 0;
  const began = performance.now();
  const worker = async () => {
    while (next < shots.length) {
      const index = next;
      next += 1;
      const shot = shots[index];
      if (shot === undefined) return;
      const from = performance.now();
      answers[index] = await send(base, token, shot, agent);
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  return {
    perSecond: shots.length / seconds,
    medianMs: times[Math.floor(times.length / 2)] ?? 0,
    p99Ms: times[Math.floor(times.length * 0.99)] ?? 0,
    answers,
  };
}

function send(
  base: string,
  token: string,
  { method, path, body, expect }: Shot,
  agent: http.Agent,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const request = http.request(
      base + path,
      {
        method,
        agent,
        headers: {
          authorization: `Bearer ${token}`,
          ...(text === undefined
            ? {}
            : { 'content-type': 'application/scim+json', 'content-length': Buffer.byteLength(text) }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString('utf8');
          if (!expect.includes(response.statusCode ?? 0)) {
            reject(new Error(`${method} ${path} answered ${response.statusCode}: ${answer.slice(0, 300)}`));
          } else resolve(answer === '' ? undefined : JSON.parse(answer));
        });
      },
    );
    request.on('error', (error) => {
      // A server that closes a connection it thinks idle is no answer at all: the request goes out on another.
      if (request.reusedSocket) resolve(send(base, token, { method, path, body, expect }, agent));
      else reject(error);
    });
    request.end(text);
  });
}
