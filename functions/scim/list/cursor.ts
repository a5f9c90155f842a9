import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import * as z from 'zod/mini';
import { once } from '../../runtime/once.ts';
import { ScimInputError } from '../../scim-core/error.ts';
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
 * Makes and reads cursors (RFC 9865). They hold no data of anybody but an id, and are signed together with tenant, list
 * and query, so that none can be made up, or used for another list than its own.
 */
export interface Cursors {
  write(scope: CursorScope, state: CursorState): string;
  /** @throws ScimInputError `invalidCursor`, `expiredCursor`, or `invalidCount` for another count than the first page's */
  read(scope: CursorScope, cursor: string): CursorState;
}

/** The cursors of a tenant: signed with a key that is made from its secret, the same in every function. */
export async function openCursors({ services, provisioning }: ScimContext): Promise<Cursors> {
  const { clientSecret } = await services.secrets.get(provisioning.tenant.smartassist.secret);
  const key = createHmac('sha256', clientSecret).update('scim cursor').digest();
  const seconds = () => Math.floor(services.clock.now() / 1000);
  return {
    write(scope, { after, offset, total }) {
      const content = Buffer.from(
        JSON.stringify([seconds(), scope.query.count, offset, after ?? null, total ?? null]),
      );
      return `${content.toString('base64url')}.${macOf(key, scope, content).toString('base64url')}`;
    },
    read(scope, cursor) {
      const [text = '', mac = ''] = cursor.split('.');
      const content = Buffer.from(text, 'base64url');
      const given = Buffer.from(mac, 'base64url');
      const right = macOf(key, scope, content);
      if (given.length !== right.length || !timingSafeEqual(given, right)) {
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
      return { offset, ...(after === null ? {} : { after }), ...(total === null ? {} : { total }) };
    },
  };
}

function macOf(key: Buffer, { tenant, list, query }: CursorScope, content: Buffer): Buffer {
  const { filter, sortBy, sortOrder } = query;
  const scope = JSON.stringify([tenant, list, filter ?? null, sortBy ?? null, sortOrder ?? null]);
  const digest = createHash('sha256').update(scope).digest();
  return createHmac('sha256', key).update(digest).update(content).digest().subarray(0, MAC_BYTES);
}
