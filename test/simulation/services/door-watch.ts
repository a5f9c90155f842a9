import type { ScimHandler } from '../../../functions/scim/http/handler.ts';
import { secretName } from '../../../functions/tenant/secrets/secret-name.ts';
import type { Machine } from '../machine.ts';

const HOUR_MS = 60 * 60_000;

/** The short name of what a door may never answer to a caller with a good token. */
const NEVER = new Map([
  [401, 'refuses a good token'],
  [403, 'refuses a good token'],
  [500, 'has a fault of its own'],
]);

/**
 * Holds a front door to what it promises whatever fails behind it: a caller with a good token is never told otherwise; a
 * failure is 503; and a secret that was read within the hour serves while Secrets Manager says nothing.
 */
export function watchedDoor(
  door: ScimHandler,
  options: {
    readonly machine: Machine;
    readonly prefix: string;
    readonly readAt: ReadonlyMap<string, number>;
    readonly breaks: (rule: string) => void;
    /** Tenants whose door has a good secret and a good configuration. */
    readonly isSound: (tenant: string) => boolean;
  },
): ScimHandler {
  const { machine, prefix, readAt, breaks, isSound } = options;
  return async (event, context) => {
    const answer = await door(event, context);
    const [, tenant = ''] = event.rawPath.split('/');
    // The time limit of a request runs in real time, and ends it on a machine that died long ago.
    if (!isSound(tenant) || machine.isDead) return answer;
    const { statusCode = 0, body = '' } = answer;
    const never = NEVER.get(statusCode);
    if (never !== undefined) breaks(`the door of ${machine.name} ${never}: ${statusCode} ${body}`);
    if (statusCode === 503 && body.includes('not ready for this tenant')) {
      const read = readAt.get(secretName(prefix, tenant, 'door')) ?? Number.NEGATIVE_INFINITY;
      const age = machine.clock.now() - read;
      if (age < HOUR_MS) breaks(`${machine.name} has read the secret ${age} ms ago, and answers 503 for it`);
    }
    return answer;
  };
}
