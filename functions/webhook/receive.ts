import type { SourceState } from '../events/source-state.ts';
import { sourceSecrets } from '../tenant/secrets/secret.ts';
import type { HandshakeAnswer } from './handshake.ts';
import { authenticate, type Counts, ingestBody, ownerOf } from './ingest.ts';
import { parseBody } from './parse.ts';
import { Rejection } from './rejection.ts';
import type { WebhookRequest } from './request.ts';
import type { SourceContext } from './source-context.ts';
import { verify } from './verify/verify.ts';

/** What a delivery came to. */
export type Ingested =
  | { readonly outcome: 'handshake-answered'; readonly handshakeAnswer: HandshakeAnswer }
  | { readonly outcome: 'taken'; readonly counts: Counts };

/**
 * Takes a request of a source: handshake, verification over the raw bytes, items, one event each, stored. Returns when
 * everything that counts is in the directory; no provider and no contact centre is called.
 *
 * @throws Rejection for a request that isn't taken; anything else is our own failure
 */
export async function ingest(context: SourceContext, request: WebhookRequest): Promise<Ingested> {
  const { provider } = context;
  const handshakeAnswer = provider.handshake?.(request);
  if (handshakeAnswer !== undefined) {
    if (handshakeAnswer.token !== undefined) await keepToken(context, handshakeAnswer.token);
    return { outcome: 'handshake-answered', handshakeAnswer };
  }
  if (request.method !== 'POST')
    throw new Rejection('method', `${request.method} is not possible here; POST is.`);
  const proof = await authenticate(context, request, verify);
  const body =
    proof.claims ?? (await parseBody(request.body, request.headers['content-type'], provider.format));
  return { outcome: 'taken', counts: await ingestBody(context, request, proof, body) };
}

/**
 * Keeps a secret that any caller could hand over: the first one while an operator expects it, and none where the source has
 * a secret.
 *
 * @throws Rejection `no-signature`, before anything is written
 */
async function keepToken(context: SourceContext, token: string): Promise<void> {
  const { services, states, tenant, name } = context;
  const assertExpected = ({ expectsUntil, handedOver }: SourceState) => {
    if (handedOver?.token === token) return;
    if (expectsUntil !== undefined && Date.parse(expectsUntil) > services.clock.now()) return;
    throw new Rejection(
      'no-signature',
      `A secret is handed over, and none is expected. "sources expect ${name}" takes the first one of the next minutes.`,
    );
  };
  const state = await states.get(tenant, name);
  assertExpected(state);
  if (sourceSecrets(await services.secrets.get('door', ownerOf(context)), name).length > 0) {
    throw new Rejection('no-signature', 'A secret is handed over, and the source has one.');
  }
  if (state.handedOver?.token === token) return;
  const at = new Date(services.clock.now()).toISOString();
  await states.change(tenant, name, (found) => {
    assertExpected(found);
    const { expectsUntil: _, ...kept } = found;
    return { ...kept, handedOver: { at, token } };
  });
  services.log.warn('a provider handed over its secret: put it into the secret of the source', {
    tenant,
    source: name,
  });
}
