import { Rejection } from '../rejection.ts';
import type { WebhookRequest } from '../request.ts';
import { positionOf } from './equal.ts';
import type { StaticHeader, Terms, Verdict } from './verifier.ts';

/** Verifies a secret that comes in a header with each request. It says who calls, and nothing about the body. */
export function verifyStaticHeader(
  { header, scheme }: StaticHeader,
  request: WebhookRequest,
  { secrets }: Terms,
): Verdict {
  const known = secrets.filter((secret) => secret.trim() !== '');
  if (known.length === 0) {
    return { ok: false, rejection: new Rejection('no-secret', 'No secret is stored for this source.') };
  }
  const value = request.headers[header.toLowerCase()]?.trim();
  if (value === undefined || value === '') {
    return { ok: false, rejection: new Rejection('no-signature', `The header ${header} is missing.`) };
  }
  const given = givenSecret(value, scheme);
  if (given === undefined) {
    const message = `The header ${header} does not begin with ${scheme === 'basic' ? 'Basic' : 'Bearer'}.`;
    return { ok: false, rejection: new Rejection('malformed-signature', message) };
  }
  const secret = positionOf(given, known);
  if (secret === -1) {
    const message = `The value of the header ${header} is not the secret of this source.`;
    return { ok: false, rejection: new Rejection('bad-signature', message) };
  }
  return { ok: true, trust: 'caller', secret };
}

function givenSecret(value: string, scheme: StaticHeader['scheme']): string | undefined {
  if (scheme === 'raw') return value;
  if (scheme === 'bearer') return /^Bearer +(\S+)$/i.exec(value)?.[1];
  const credentials = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(value)?.[1];
  return credentials === undefined ? undefined : Buffer.from(credentials, 'base64').toString('utf8');
}
