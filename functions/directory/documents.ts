import { bodyOf, readBody } from './item.ts';
import { documentKey, seenKey } from './keys.ts';
import type { Condition, Item, Table } from './table.ts';

/** A small JSON object that some room keeps: the catalogue, the call budget, a census' place. */
export interface Document {
  readonly version: number;
  readonly body: Readonly<Record<string, unknown>>;
}

export type DocumentResult = { readonly ok: true } | { readonly ok: false; readonly found?: Document };

export interface Documents {
  /** @param scope a tenant, or what several tenants share, such as an account */
  readDocument(scope: string, name: string): Promise<Document | undefined>;
  /**
   * Writes a document; with a condition only if it is absent or has that version, else the answer has what was found.
   * Its version is then one more than the condition's (1 when absent or without a condition).
   *
   * @param expiresAt epoch seconds
   */
  writeDocument(
    scope: string,
    name: string,
    body: Readonly<Record<string, unknown>>,
    condition?: Condition,
    expiresAt?: number,
  ): Promise<DocumentResult>;
  /** Remembers an event for so many seconds; true when it is new. */
  markSeen(scope: string, id: string, ttlSeconds: number): Promise<boolean>;
}

export function openDocuments(table: Table, now: () => number): Documents {
  return {
    readDocument: async (scope, name) => {
      const item = await table.get(documentKey(scope, name));
      return item === undefined ? undefined : documentOf(item);
    },
    writeDocument: async (scope, name, body, condition, expiresAt) => {
      const version = typeof condition === 'object' ? condition.version + 1 : 1;
      const result = await table.write([
        {
          put: {
            ...documentKey(scope, name),
            version,
            body: bodyOf(body),
            ...(expiresAt === undefined ? {} : { expiresAt }),
          },
          ...(condition === undefined ? {} : { if: condition }),
        },
      ]);
      if (result.ok) return result;
      return { ok: false, ...(result.found === undefined ? {} : { found: documentOf(result.found) }) };
    },
    markSeen: async (scope, id, ttlSeconds) => {
      const expiresAt = Math.ceil(now() / 1000) + ttlSeconds;
      const item = { ...seenKey(scope, id), version: 1, body: bodyOf({}), expiresAt };
      return (await table.write([{ put: item, if: 'absent' }])).ok;
    },
  };
}

const documentOf = (item: Item): Document => ({ version: item.version, body: readBody(item) });
