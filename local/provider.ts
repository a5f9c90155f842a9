import { listen, type WholeRequest } from './listener.ts';

/** Stands in for the API of identity providers and HR systems, and for where they publish their keys. */
export interface ProviderStandIn {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves answers as JSON on a free port of this machine.
 *
 * @param answerTo undefined for what the provider doesn't know
 */
export async function serveProvider(answerTo: (request: WholeRequest) => unknown): Promise<ProviderStandIn> {
  const listener = await listen({ port: 0 }, async (request, response) => {
    const answer = answerTo(request);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? {}));
  });
  return { url: `http://127.0.0.1:${listener.port}`, close: () => listener.close() };
}
