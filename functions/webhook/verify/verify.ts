import { Rejection } from '../rejection.ts';
import type { WebhookRequest } from '../request.ts';
import { verifyBodySecret } from './body-secret.ts';
import { verifyEd25519 } from './ed25519.ts';
import { verifyHmac } from './hmac.ts';
import { verifyJwt } from './jwt.ts';
import { verifyQuerySecret } from './query-secret.ts';
import { verifyStaticHeader } from './static-header.ts';
import { verifyUrlSecret } from './url-secret.ts';
import type { Terms, Verdict, Verifier, Verify } from './verifier.ts';

type Kind = Exclude<Verifier['kind'], 'any-of'>;

const VERIFY: { readonly [K in Kind]: Verify<Extract<Verifier, { kind: K }>> } = {
  hmac: verifyHmac,
  'static-header': verifyStaticHeader,
  jwt: verifyJwt,
  'body-secret': verifyBodySecret,
  ed25519: verifyEd25519,
  'url-secret': verifyUrlSecret,
  'query-secret': verifyQuerySecret,
};

/** Verifies a request in the way of its source. Whatever isn't proven is refused. */
export async function verify(verifier: Verifier, request: WebhookRequest, terms: Terms): Promise<Verdict> {
  if (verifier.kind !== 'any-of') {
    return (VERIFY[verifier.kind] as Verify<Verifier>)(verifier, request, terms);
  }
  let verdict: Verdict | undefined;
  for (const each of verifier.verifiers) {
    const next = await verify(each, request, terms);
    if (next.ok) return next;
    // The way that the caller tried says more than the one it didn't.
    if (verdict === undefined || isAbout(verdict)) verdict = next;
  }
  return verdict ?? { ok: false, rejection: new Rejection('no-secret', 'No way to verify is configured.') };
}

const isAbout = (verdict: Verdict): boolean => !verdict.ok && verdict.rejection.code === 'no-signature';
