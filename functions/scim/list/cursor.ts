import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import { compact } from '../../runtime/compact.ts';
import { once } from '../../runtime/once.ts';
import { ScimInputError } from '../../scim-core/error.ts';
import { deriveKey } from '../../tenant/secrets/seal.ts';
import { SecretError } from '../../tenant/secrets/secret-error.ts';
import type { DoorSecret } from '../../tenant/secrets/secrets.ts';
import type { ScimContext } from '../context.ts';
import type { ListQuery } from './query.ts';

/** How long a client may take between two pages: `cursorTimeout` of ServiceProviderConfig, in seconds. */
export const CURSOR_TIMEOUT_SECONDS = 3_600;

/** Where the next page begins. */
export interface CursorState {
  /** Behind this key of the collection; absent in a sorted list. */
  readonly after?: string;
  /** Resources on the pages before. */
  readonly offset: number;
  /** How many resources match in all, where it was worth counting. */
  readonly total?: number;
}

const contentSchema = once(() =>
  z.tuple([
    /** When it was made, epoch seconds. */
    z.number(),
    /** The count of the query. */
    z.number(),
    z.number(),
    z.nullable(z.string()),
    z.nullable(z.number()),
  ]),
);

const MAC_BYTES = 16;

/** A list whose pages follow each other: what a cursor is good for. */
export interface CursorScope {
  readonly tenant: string;
  readonly list: string;
  readonly query: ListQuery;
}

/**
 * Makes and reads cursors (RFC 9865). They hold nothing but an id, and are signed together with tenant, list
 * and query, so that none can be made up, or used for another list than its own.
 */
export interface Cursors {
  write(scope: CursorScope, state: CursorState): string;
  /** @throws ScimInputError `invalidCursor`, `expiredCursor`, or `invalidCount` for another count than the first page's */
  read(scope: CursorScope, cursor: string): CursorState;
}

/** The cursors of a tenant: signed with a key of its door secret, the same in every function. */
export async function openCursors({ services, name, tenant }: ScimContext): Promise<Cursors> {
  const keys = keysOf(await services.secrets.get('door', { name, tenant }), name);
  const seconds = () => Math.floor(services.clock.now() / 1000);
  return {
    write(scope, { after, offset, total }) {
      const content = Buffer.from(
        JSON.stringify([seconds(), scope.query.count, offset, after ?? null, total ?? null]),
      );
      return `${content.toString('base64url')}.${macOf(keys[0], scope, content).toString('base64url')}`;
    },
    read(scope, cursor) {
      const [text = '', mac = ''] = cursor.split('.');
      const content = Buffer.from(text, 'base64url');
      const given = Buffer.from(mac, 'base64url');
      const isOwn = keys.some((key) => {
        const right = macOf(key, scope, content);
        return given.length === right.length && timingSafeEqual(given, right);
      });
      if (!isOwn) {
        throw new ScimInputError(
          'invalidCursor',
          'The cursor is none of this list: send it back as it was, with the same filter and order, or empty for the first page.',
        );
      }
      const [at, count, offset, after, total] = contentSchema().parse(JSON.parse(content.toString('utf8')));
      if (seconds() - at > CURSOR_TIMEOUT_SECONDS) {
        throw new ScimInputError(
          'expiredCursor',
          `The cursor was made more than ${CURSOR_TIMEOUT_SECONDS} seconds ago: begin anew with an empty one.`,
        );
      }
      if (count !== scope.query.count) {
        throw new ScimInputError('invalidCount', `count must stay ${count}, as for the first page.`, {
          attribute: 'count',
        });
      }
      return {
        offset,
        ...compact({ after: after ?? undefined, total: total ?? undefined }),
      };
    },
  };
}

/**
 * The keys that sign, the newest first. A secret without `keys` signs with all that it holds, which lasts until a token or
 * a secret in it changes: then a client has to begin its list anew.
 *
 * @throws SecretError for a secret that holds nothing
 */
function keysOf({ keys, scimTokens, sources }: DoorSecret, tenant: string): readonly [Buffer, ...Buffer[]] {
  const held = [...scimTokens, ...Object.values(sources).flat()];
  const whole = createHash('sha256').update(JSON.stringify(held)).digest('hex');
  const [newest = held.length === 0 ? undefined : whole, ...older] = keys;
  if (newest === undefined) {
    const reason = `the door secret of tenant ${tenant} has nothing that cursors can be signed with: add keys`;
    throw new SecretError('secret-malformed', reason);
  }
  return [deriveKey(newest, 'cursor'), ...older.map((key) => deriveKey(key, 'cursor'))];
}

function macOf(key: Buffer, { tenant, list, query }: CursorScope, content: Buffer): Buffer {
  const { filter, sortBy, sortOrder } = query;
  const scope = JSON.stringify([tenant, list, filter ?? null, sortBy ?? null, sortOrder ?? null]);
  const digest = createHash('sha256').update(scope).digest();
  return createHmac('sha256', key).update(digest).update(content).digest().subarray(0, MAC_BYTES);
}
