import { createHash } from 'node:crypto';
import type { HistoryPage } from '../directory/history.ts';
import type { Services } from '../provision/services.ts';
import { compact } from '../runtime/compact.ts';
import { correlationId } from '../runtime/correlation.ts';
import type { Rejection } from './rejection.ts';
import type { WebhookRequest } from './request.ts';
import type { Verifier } from './verify/verifier.ts';

/** How long refused requests are kept. */
const KEPT_DAYS = 7;
/** Kept a source and minute by one function; the others are only counted, so that nobody can fill the directory. */
const KEPT_PER_MINUTE = 20;
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
  /** Counts a request that wasn't taken and keeps what somebody needs who wonders why. Never fails. */
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
export function openRejectionLog({ directory, clock, log, metrics }: Services): RejectionLog {
  const kept = new Map<string, { minute: number; count: number }>();
  const mayKeep = (name: string): boolean => {
    const minute = Math.floor(clock.now() / 60_000);
    const last = kept.get(name);
    const count = last?.minute === minute ? last.count + 1 : 1;
    kept.set(name, { minute, count });
    return count <= KEPT_PER_MINUTE;
  };
  return {
    add: async (tenant, source, request, { code, message }, verifier) => {
      log.warn('a webhook was refused', { tenant, source, reason: code });
      metrics.count('Rejected', { tenant, reason: code });
      if (!mayKeep(`${tenant}/${source}`)) return;
      const entry = {
        at: new Date(clock.now()).toISOString(),
        ...compact({ id: correlationId() }),
        code,
        message,
        ...(request === undefined ? {} : outlineOf(request, verifier)),
      };
      await directory
        .appendHistory(tenant, keyOf(source), entry, KEPT_DAYS)
        .catch((error: Error) => log.warn('a refusal could not be kept', { tenant, reason: error.message }));
    },
    list: (tenant, source, page) => directory.listHistory(tenant, keyOf(source), page),
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

/** No id of a person begins so. */
function keyOf(source: string): string {
  return `refused/${source}`;
}
