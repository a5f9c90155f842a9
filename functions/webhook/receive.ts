import { type Greeting, greet } from './handshake.ts';
import { parseBody } from './parse.ts';
import { Refusal } from './refusal.ts';
import type { WebhookRequest } from './request.ts';
import { admit, type Counts, type SourceContext, takeBody } from './take.ts';
import { verify } from './verify/verify.ts';

/** What a delivery came to. */
export type Received =
  | { readonly outcome: 'greeted'; readonly greeting: Greeting }
  | { readonly outcome: 'taken'; readonly counts: Counts };

/**
 * Takes a request of a source: handshake, verification over the raw bytes, items, one event each, stored. Returns when
 * everything that counts is in the directory; no provider and no contact centre is called.
 *
 * @throws Refusal for a request that isn't taken; anything else is our own failure
 */
export async function receive(context: SourceContext, request: WebhookRequest): Promise<Received> {
  const { source } = context;
  const greeting = greet(source.handshake, request);
  if (greeting !== undefined) {
    if (greeting.token !== undefined) await keepToken(context, greeting.token);
    return { outcome: 'greeted', greeting };
  }
  if (request.method !== 'POST')
    throw new Refusal('method', `${request.method} is not possible here; POST is.`);
  const proof = await admit(context, request, verify);
  const body =
    proof.claims ?? (await parseBody(request.body, request.headers['content-type'], source.format));
  return { outcome: 'taken', counts: await takeBody(context, request, proof, body) };
}

async function keepToken({ world, states, tenant, name }: SourceContext, token: string): Promise<void> {
  const at = new Date(world.clock.now()).toISOString();
  await states.change(tenant, name, (state) => ({ ...state, handedOver: { at, token } }));
  world.log.warn('a provider handed over its secret: put it into the secret of the source', {
    tenant,
    source: name,
  });
}
