import { compact } from '../runtime/compact.ts';
import { isObject } from '../scim-core/resource/resource.ts';
import { unwrap, wrap } from './body.ts';
import { DirectoryBusyError, MAX_RACES } from './errors.ts';
import { documentKey } from './keys.ts';
import type { Condition, Item, Table } from './table.ts';

/** A small thing that another room keeps: a cached catalogue, a cursor, a budget. */
export interface StoredDocument {
  /** Counts the writes of the document, from 1. */
  readonly version: number;
  readonly body: Readonly<Record<string, unknown>>;
  /** Epoch seconds from when on it counts as absent. */
  readonly expiresAt?: number;
}

export type DocumentResult =
  | { readonly ok: true; readonly version: number }
  /** The condition didn't hold; `found` is what stands there instead, if anything. */
  | { readonly ok: false; readonly found?: StoredDocument };

export interface Documents {
  /** `owner` is a tenant, or whatever else a document belongs to (an account). */
  readDocument(owner: string, name: string): Promise<StoredDocument | undefined>;
  /**
   * Writes a document under a condition, or (without one) whatever stands there. `expiresAt`: epoch seconds. With a
   * condition it is one request; without one it first reads, so that the version goes on counting.
   */
  writeDocument(
    owner: string,
    name: string,
    body: object,
    condition?: Condition,
    expiresAt?: number,
  ): Promise<DocumentResult>;
  /** Removes a document, under a condition or whatever stands there. */
  eraseDocument(
    owner: string,
    name: string,
    condition?: Exclude<Condition, 'absent'>,
  ): Promise<{ readonly ok: true } | Extract<DocumentResult, { ok: false }>>;
}

/** How one document is called and read. */
export interface DocumentForm<Body extends object | undefined> {
  readonly name: string;
  /** Reads what is stored, also in the forms of older versions; `undefined` is a document that does not exist. */
  readonly parse: (stored: unknown) => Body;
}

/** What is stored, property by property; none of what is no object. */
export function objectOf(stored: unknown): Readonly<Record<string, unknown>> {
  return isObject(stored) ? stored : {};
}

/** What a document holds. */
export async function readForm<Body extends object | undefined>(
  directory: Pick<Documents, 'readDocument'>,
  owner: string,
  { name, parse }: DocumentForm<Body>,
): Promise<Body> {
  return parse((await directory.readDocument(owner, name))?.body);
}

/** What a document holds, and under which condition it may be written over: nothing has changed it since. */
export async function readToChange<Body extends object | undefined>(
  directory: Pick<Documents, 'readDocument'>,
  owner: string,
  { name, parse }: DocumentForm<Body>,
): Promise<{ readonly body: Body; readonly condition: Condition }> {
  const document = await directory.readDocument(owner, name);
  const condition = document === undefined ? 'absent' : { version: document.version };
  return { body: parse(document?.body), condition };
}

/** What becomes of a document: without a body it stays as it is. */
export interface Decision<Body extends object | undefined, Answer> {
  readonly body?: NonNullable<Body>;
  /** Epoch seconds from when on it counts as absent. */
  readonly expiresAt?: number;
  readonly answer: Answer;
}

/**
 * Changes a document by a conditional write, depending on what it holds. Another writer's change is never lost: the second
 * writer decides on what the first one wrote, so `decide` may run several times.
 *
 * @param known the document as the caller has just read it, which saves reading it again
 * @throws DirectoryBusyError when each try loses to another writer
 */
export async function decideOnDocument<Body extends object | undefined, Answer>(
  directory: Pick<Documents, 'readDocument' | 'writeDocument'>,
  owner: string,
  { name, parse }: DocumentForm<Body>,
  decide: (body: Body) => Decision<Body, Answer> | Promise<Decision<Body, Answer>>,
  known?: { readonly document: StoredDocument | undefined },
): Promise<Answer> {
  let document = known === undefined ? await directory.readDocument(owner, name) : known.document;
  for (let race = 0; race < MAX_RACES; race += 1) {
    const { body, expiresAt, answer } = await decide(parse(document?.body));
    if (body === undefined) return answer;
    const condition = document === undefined ? 'absent' : { version: document.version };
    const written = await directory.writeDocument(owner, name, body, condition, expiresAt);
    if (written.ok) return answer;
    document = written.found;
  }
  throw new DirectoryBusyError(`The document ${owner}/${name} changes all the time`);
}

/** Changes a document whatever it holds; the answer is the body that is stored now. See `decideOnDocument`. */
export function changeDocument<Body extends object>(
  directory: Pick<Documents, 'readDocument' | 'writeDocument'>,
  owner: string,
  form: DocumentForm<Body>,
  edit: (body: Body) => Body,
  expiresAt?: number,
): Promise<Body> {
  return decideOnDocument<Body, Body>(directory, owner, form, (before) => {
    const body = edit(before);
    return { body, answer: body, ...compact({ expiresAt }) };
  });
}

export function documentStore(table: Table): Documents {
  const writeIf = async (item: Omit<Item, 'version'>, condition: Condition): Promise<DocumentResult> => {
    const version = condition === 'absent' ? 1 : condition.version + 1;
    const result = await table.write([{ put: { ...item, version }, if: condition }]);
    if (result.ok) return { ok: true, version };
    return { ok: false, ...compact({ found: result.found && documentOf(result.found) }) };
  };

  return {
    async readDocument(owner, name) {
      const item = await table.get(documentKey(owner, name));
      return item && documentOf(item);
    },

    async writeDocument(owner, name, body, condition, expiresAt) {
      const key = documentKey(owner, name);
      const item = { ...key, body: wrap({ content: body }), ...compact({ expiresAt }) };
      if (condition !== undefined) return writeIf(item, condition);
      let found: Pick<Item, 'version'> | undefined = await table.get(key);
      for (let race = 0; race < MAX_RACES; race++) {
        const result = await writeIf(item, found ? { version: found.version } : 'absent');
        if (result.ok) return result;
        found = result.found;
      }
      throw new DirectoryBusyError(`The document ${owner}/${name} changes all the time`);
    },

    async eraseDocument(owner, name, condition) {
      const key = documentKey(owner, name);
      const result = await table.write([{ delete: key, ...compact({ if: condition }) }]);
      if (result.ok) return result;
      return { ok: false, ...compact({ found: result.found && documentOf(result.found) }) };
    },
  };
}

function documentOf(item: Item): StoredDocument {
  const { version, expiresAt } = item;
  return { version, body: unwrap(item, 'content'), ...compact({ expiresAt }) };
}
