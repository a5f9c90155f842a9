import type { HandshakeAnswer } from './handshake.ts';
import { authenticate, type Counts, ingestBody, type SourceContext } from './ingest.ts';
import { parseBody } from './parse.ts';
import { Rejection } from './rejection.ts';
import type { WebhookRequest } from './request.ts';
import { verify } from './verify/verify.ts';

/** What a delivery came to. */
export type Ingested =
  | { readonly outcome: 'greeted'; readonly handshakeAnswer: HandshakeAnswer }
  | { readonly outcome: 'taken'; readonly counts: Counts };

/**
 * Takes a request of a source: handshake, verification over the raw bytes, items, one event each, stored. Returns when
 * everything that counts is in the directory; no provider and no contact centre is called.
 *
 * @throws Refusal for a request that isn't taken; anything else is our own failure
 */
export async function ingest(context: SourceContext, request: WebhookRequest): Promise<Ingested> {
  const { provider } = context;
  const handshakeAnswer = provider.handshake?.(request);
  if (handshakeAnswer !== undefined) {
    if (handshakeAnswer.token !== undefined) await keepToken(context, handshakeAnswer.token);
    return { outcome: 'greeted', handshakeAnswer };
  }
  if (request.method !== 'POST')
    throw new Rejection('method', `${request.method} is not possible here; POST is.`);
  const proof = await authenticate(context, request, verify);
  const body =
    proof.claims ?? (await parseBody(request.body, request.headers['content-type'], provider.format));
  return { outcome: 'taken', counts: await ingestBody(context, request, proof, body) };
}

async function keepToken({ services, states, tenant, name }: SourceContext, token: string): Promise<void> {
  const at = new Date(services.clock.now()).toISOString();
  await states.change(tenant, name, (state) => ({ ...state, handedOver: { at, token } }));
  services.log.warn('a provider handed over its secret: put it into the secret of the source', {
    tenant,
    source: name,
  });
}
