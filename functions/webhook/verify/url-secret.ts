import { Rejection } from '../rejection.ts';
import type { WebhookRequest } from '../request.ts';
import { positionOf } from './equal.ts';
import type { Terms, Verdict } from './verifier.ts';

/** Verifies a secret that is the last segment of the address: all there is for providers that sign nothing. */
export function verifyUrlSecret(_: unknown, { subtype }: WebhookRequest, { secrets }: Terms): Verdict {
  const known = secrets.filter((secret) => secret.trim() !== '');
  if (known.length === 0) {
    return { ok: false, rejection: new Rejection('no-secret', 'No secret is stored for this source.') };
  }
  if (subtype === undefined) {
    const message = 'The secret is missing at the end of the address.';
    return { ok: false, rejection: new Rejection('no-signature', message) };
  }
  const secret = positionOf(subtype, known);
  if (secret !== -1) return { ok: true, trust: 'url', secret };
  return {
    ok: false,
    rejection: new Rejection('bad-signature', 'The end of the address is not the secret of this source.'),
  };
}
