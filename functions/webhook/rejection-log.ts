import { createHash } from 'node:crypto';
import type { HistoryPage } from '../directory/history.ts';
import { openRejections } from '../events/rejections.ts';
import type { Services } from '../provision/services.ts';
import type { Rejection } from './rejection.ts';
import type { WebhookRequest } from './request.ts';
import type { Verifier } from './verify/verifier.ts';

const LONGEST_VALUE = 200;

/** Headers that are kept as they came; of all others the length alone, since a source may carry its secret in any. */
const SHOWN: ReadonlySet<string> = new Set([
  'accept',
  'ce-id',
  'ce-source',
  'ce-specversion',
  'ce-time',
  'ce-type',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'host',
  'svix-id',
  'svix-timestamp',
  'user-agent',
  'webhook-id',
  'webhook-timestamp',
  'x-request-id',
]);

export interface RejectionLog {
  /** Counts a request that wasn't taken and keeps what tells an operator why. Never fails. */
  add(
    tenant: string,
    source: string,
    request: WebhookRequest | undefined,
    rejection: Rejection,
    verifier?: Verifier,
  ): Promise<void>;
  /** The newest first. */
  list(tenant: string, source: string, page: { limit: number; after?: string }): Promise<HistoryPage>;
}

/** Keeps refused requests: headers without secrets, the body's digest, the reason. */
export function openRejectionLog(services: Services): RejectionLog {
  const { log, metrics } = services;
  const rejections = openRejections(services);
  return {
    add: async (tenant, source, request, rejection, verifier) => {
      const { code, message, isUnauthenticated } = rejection;
      log.warn('a webhook was refused', { tenant, source, reason: code });
      metrics.count('Rejected', { tenant, reason: code });
      const outline = request === undefined ? {} : outlineOf(request, verifier);
      await rejections.keep(tenant, source, { code, message, ...outline }, !isUnauthenticated);
    },
    list: rejections.list,
  };
}

function outlineOf({ method, headers, body }: WebhookRequest, verifier: Verifier | undefined) {
  const proofs = new Set(verifier === undefined ? [] : proofHeaders(verifier));
  return {
    method,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value = '']) => [
        name,
        SHOWN.has(name) && !proofs.has(name) ? value.slice(0, LONGEST_VALUE) : `(${value.length} characters)`,
      ]),
    ),
    bytes: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
  };
}

/** The headers in which a source proves itself, whatever its configuration calls them. */
function proofHeaders(verifier: Verifier): string[] {
  switch (verifier.kind) {
    case 'hmac':
      return [verifier.descriptor.signature.header.toLowerCase()];
    case 'static-header':
      return [verifier.header.toLowerCase()];
    case 'jwt':
      return verifier.header === undefined ? [] : [verifier.header.toLowerCase()];
    case 'any-of':
      return verifier.verifiers.flatMap(proofHeaders);
    default:
      return [];
  }
}
