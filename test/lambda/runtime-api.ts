import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { listen, type WholeRequest } from '../../local/listener.ts';

/** What a function made of an event. */
export type Ended =
  | { readonly kind: 'response'; readonly result: unknown }
  /** The handler threw, or the bundle could not be loaded; the runtime's own words. */
  | { readonly kind: 'error'; readonly type: string; readonly message: string }
  /** The process was gone before it answered. */
  | { readonly kind: 'crashed' };

interface Invocation {
  readonly id: string;
  readonly event: unknown;
  readonly deadline: number;
  readonly end: (ended: Ended) => void;
}

export interface RuntimeApi {
  /** For `AWS_LAMBDA_RUNTIME_API`: host and port. */
  readonly address: string;
  /** Hands an event to the runtime as soon as it asks for one. */
  invoke(event: unknown, deadline: number): Promise<Ended>;
  /** The runtime is gone: so is what it was working on. */
  crashed(): void;
  close(): Promise<void>;
}

const PREFIX = '/2018-06-01/runtime';

/**
 * Lambda's Runtime API for one execution environment: one invocation at a time, as its runtime asks for them.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
 */
export async function serveRuntimeApi(): Promise<RuntimeApi> {
  const waiting: Invocation[] = [];
  let current: Invocation | undefined;
  let asking: ServerResponse | undefined;

  const handOver = () => {
    if (asking === undefined || asking.destroyed) return;
    const next = waiting.shift();
    if (next === undefined) return;
    current = next;
    asking
      .writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': next.id,
        'lambda-runtime-deadline-ms': String(next.deadline),
        'lambda-runtime-invoked-function-arn': 'arn:aws:lambda:us-east-1:000000000000:function:local',
        'lambda-runtime-trace-id': 'Root=1-00000000-000000000000000000000000;Sampled=0',
      })
      .end(JSON.stringify(next.event));
    asking = undefined;
  };
  const end = (ended: Ended) => {
    current?.end(ended);
    current = undefined;
  };
  const failed = ({ body }: WholeRequest): Ended => {
    const { errorType = '', errorMessage = '' } = JSON.parse(body);
    return { kind: 'error', type: errorType, message: errorMessage };
  };

  const listener = await listen({ port: 0 }, async (request, response) => {
    const call = `${request.method} ${request.url.replace(PREFIX, '')}`;
    if (call === 'GET /invocation/next') {
      asking = response;
      handOver();
      return;
    }
    if (call === 'POST /init/error') {
      current ??= waiting.shift();
      end(failed(request));
    } else if (call === `POST /invocation/${current?.id}/response`) {
      end({ kind: 'response', result: request.body === '' ? undefined : JSON.parse(request.body) });
    } else if (call === `POST /invocation/${current?.id}/error`) {
      end(failed(request));
    } else {
      throw new Error(`the Runtime API has no ${call}`);
    }
    response.writeHead(202).end();
  });
  return {
    address: `127.0.0.1:${listener.port}`,
    invoke: (event, deadline) =>
      new Promise((resolve) => {
        waiting.push({ id: randomUUID(), event, deadline, end: resolve });
        handOver();
      }),
    crashed() {
      asking = undefined;
      end({ kind: 'crashed' });
    },
    close: () => listener.close(),
  };
}
