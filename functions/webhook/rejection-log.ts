import { createHash } from 'node:crypto';
import type { HistoryPage } from '../directory/history.ts';
import type { Services } from '../provision/services.ts';
import type { Rejection } from './rejection.ts';
import type { WebhookRequest } from './request.ts';

/** How long refused requests are kept. */
const KEPT_DAYS = 7;
/** Kept a source and minute by one function; the others are only counted, so that nobody can fill the directory. */
const KEPT_PER_MINUTE = 20;
const LONGEST_VALUE = 200;

/** Headers whose values may be secrets, or proofs that are as good for a while. */
const SECRET = /auth|signature|secret|token|cookie|key|challenge|hmac|jwt|s256|password/i;

export interface RejectionLog {
  /** Counts a request that wasn't taken and keeps what somebody needs who wonders why. Never fails. */
  add(
    tenant: string,
    source: string,
    request: WebhookRequest | undefined,
    rejection: Rejection,
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
    add: async (tenant, source, request, { code, message }) => {
      log.warn('a webhook was refused', { tenant, source, reason: code });
      metrics.count('Rejected', { tenant, reason: code });
      if (!mayKeep(`${tenant}/${source}`)) return;
      const entry = {
        at: new Date(clock.now()).toISOString(),
        code,
        message,
        ...(request === undefined ? {} : outlineOf(request)),
      };
      await directory
        .appendHistory(tenant, keyOf(source), entry, KEPT_DAYS)
        .catch((error: Error) => log.warn('a refusal could not be kept', { tenant, reason: error.message }));
    },
    list: (tenant, source, page) => directory.listHistory(tenant, keyOf(source), page),
  };
}

function outlineOf({ method, headers, body }: WebhookRequest) {
  return {
    method,
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value = '']) => [
        name,
        SECRET.test(name) ? `(${value.length} characters)` : value.slice(0, LONGEST_VALUE),
      ]),
    ),
    bytes: body.length,
    sha256: createHash('sha256').update(body).digest('hex'),
  };
}

/** No id of a person begins so. */
function keyOf(source: string): string {
  return `refused/${source}`;
}
