import { createRequire } from 'node:module';
import { join } from 'node:path';

/**
 * A runtime as small as the Runtime API allows, in the place of AWS's own: loads the bundle, asks for an event, answers,
 * asks again. `npm run test:runtime` runs the same tests under AWS's.
 */
const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;

async function post(path: string, body: unknown): Promise<void> {
  await fetch(`${api}${path}`, { method: 'POST', body: JSON.stringify(body) ?? '' });
}

const errorOf = (error: unknown) => ({
  errorType: error instanceof Error ? error.name : 'Error',
  errorMessage: error instanceof Error ? error.message : String(error),
});

function load(): (event: unknown, context: object) => Promise<unknown> {
  return createRequire(import.meta.url)(join(process.env.LAMBDA_TASK_ROOT ?? '', 'index.js')).handler;
}

async function serve(handler: ReturnType<typeof load>): Promise<never> {
  for (;;) {
    const next = await fetch(`${api}/invocation/next`);
    const id = next.headers.get('lambda-runtime-aws-request-id') ?? '';
    const deadline = Number(next.headers.get('lambda-runtime-deadline-ms'));
    const context = { awsRequestId: id, getRemainingTimeInMillis: () => deadline - Date.now() };
    try {
      await post(`/invocation/${id}/response`, await handler(await next.json(), context));
    } catch (error) {
      await post(`/invocation/${id}/error`, errorOf(error));
    }
  }
}

let handler: ReturnType<typeof load>;
try {
  handler = load();
} catch (error) {
  await post('/init/error', errorOf(error));
  process.exit(1);
}
await serve(handler);
