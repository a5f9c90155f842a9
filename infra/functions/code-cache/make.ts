import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CACHE_FILE, CODE_FILE } from './entry.ts';
import { compile, run } from './script.ts';

/** A request that no identity provider sends; functions without a door make nothing of it. */
const REQUEST = {
  version: '2.0',
  routeKey: '$default',
  rawPath: '/demo/scim/v2/Users',
  rawQueryString: 'filter=userName%20eq%20%22ada%40example.com%22',
  headers: { authorization: 'Bearer warm-up', accept: 'application/scim+json' },
  requestContext: {
    http: { method: 'GET', path: '/demo/scim/v2/Users', sourceIp: '127.0.0.1' },
    requestId: 'warm-up',
  },
  isBase64Encoded: false,
};
const PATIENCE_MS = 5_000;

/**
 * Run by `code-cache.ts` in a process of its own, under the runtime's flags: loads the function in a folder, has it answer
 * a request, for which no service of AWS can be reached, and writes what V8 has compiled by then.
 */
async function make(folder: string): Promise<void> {
  const file = join(folder, CODE_FILE);
  const script = compile(file);
  const { handler } = run(script, file);
  if (typeof handler !== 'function') throw new Error('the function exports no handler');
  const over = Promise.resolve()
    .then(() => handler(REQUEST, { awsRequestId: 'warm-up', getRemainingTimeInMillis: () => PATIENCE_MS }))
    .catch(() => {});
  await Promise.race([over, new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
  writeFileSync(join(folder, CACHE_FILE), script.createCachedData());
}

await make(process.argv[2] ?? '.');
process.exit();
