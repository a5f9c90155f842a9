import { Rejection } from '../rejection.ts';
import type { WebhookRequest } from '../request.ts';
import { positionOf } from './equal.ts';
import type { Terms, Verdict } from './verifier.ts';

/** Verifies a secret in the query, as CloudEvents' web hooks may carry it. */
export function verifyQuerySecret(
  { parameter }: { readonly parameter: string },
  { query }: WebhookRequest,
  { secrets }: Terms,
): Verdict {
  const known = secrets.filter((secret) => secret.trim() !== '');
  if (known.length === 0) {
    return { ok: false, rejection: new Rejection('no-secret', 'No secret is stored for this source.') };
  }
  const [given, another] = query.getAll(parameter);
  if (given === undefined || another !== undefined) {
    const message = `The query has no ${parameter}, or several.`;
    return { ok: false, rejection: new Rejection('no-signature', message) };
  }
  const secret = positionOf(given, known);
  if (secret !== -1) return { ok: true, trust: 'caller', secret };
  return {
    ok: false,
    rejection: new Rejection('bad-signature', `${parameter} is not the secret of this source.`),
  };
}
