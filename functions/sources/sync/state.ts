import * as z from 'zod/mini';
import {
  changeDocument,
  type DocumentForm,
  decideOnDocument,
  objectOf,
  readForm,
} from '../../directory/documents.ts';
import type { Services } from '../../provision/services.ts';
import { once } from '../../runtime/once.ts';

/** How people are read: all for the first time, what changed, or all to compare. */
export const READINGS = ['initial', 'delta', 'full'] as const;
export type ReadingKind = (typeof READINGS)[number];

/** What became of the rows of a reading. */
export const VERDICTS = [
  'new',
  'changed',
  'linked',
  'unchanged',
  'waiting',
  'gone',
  'outside',
  'ambiguous',
  'unmatched',
  'unusable',
  'kept',
] as const;
export type RowVerdict = (typeof VERDICTS)[number];
export type Counts = Partial<Record<RowVerdict, number>>;

/** A row that an operator should look at, and why. */
export interface Finding {
  readonly what: RowVerdict;
  /** The source's id of the person. */
  readonly id: string;
  readonly reason: string;
}

/** A reading as it is kept when it is over. */
export interface Finished {
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly outcome: 'complete' | 'incomplete';
  /** Why it is incomplete. */
  readonly reason?: string;
  /** Why no one left by being missing from it, although it is complete. */
  readonly spares?: string;
  readonly rows: number;
  readonly calls: number;
  readonly counts: Counts;
  readonly findings: readonly Finding[];
}

/** A reading that isn't over: where it goes on. */
export interface UnderWay {
  readonly kind: ReadingKind;
  readonly startedAt: string;
  /** `pages`: the list is read. `absence`: who was not in it is looked at. */
  readonly phase: 'pages' | 'absence';
  /** The provider's place of the next page; absent before the first one. */
  readonly place?: string;
  /** Where changes go on after this reading. */
  readonly cursor?: string;
  readonly rows: number;
  /** Distinct people on the pages so far. */
  readonly people: number;
  readonly pages: number;
  readonly calls: number;
  readonly total?: number;
  readonly counts: Counts;
  readonly findings: readonly Finding[];
  /** How many documents hold the ids that were seen, or that are missing. */
  readonly chunks: number;
  /** An operator takes a list of at least so many people for complete. */
  readonly accept?: number;
  /** Of the pages so far (`Page`). */
  readonly isCut?: true;
  readonly hasNameless?: true;
  /** See `Finished`. */
  readonly spares?: string;
  readonly edition?: string;
}

/** How the reading of a source stands: one small document. */
export interface SyncState {
  /** ISO 8601: when an operator last looked at what a reading would do. */
  readonly dryRunAt?: string;
  readonly initial?: Finished;
  readonly delta?: Finished;
  readonly full?: Finished;
  /** The last complete reading of all people: how many there were, and which one it was. */
  readonly complete?: {
    readonly at: string;
    readonly rows: number;
    readonly number: number;
    readonly edition?: string;
  };
  /** Ids of the groups that the last complete reading of all people read one by one. */
  readonly groups?: readonly string[];
  /** Where changes go on, and of which configuration that is. */
  readonly cursor?: { readonly value: string; readonly of: string; readonly at: string };
  /** ISO 8601: when the cursor was lost; everybody is read then. */
  readonly lostAt?: string;
  readonly underWay?: UnderWay;
  /** How often in a row readings failed or were incomplete, and why the last one was. */
  readonly failures?: number;
  readonly problem?: { readonly at: string; readonly reason: string };
  /** ISO 8601 before which the schedule doesn't begin or go on. */
  readonly notBefore?: string;
  readonly lease?: { readonly holder: string; readonly until: number };
}

/** Loose: what a newer version has added stays where this one changes something else. */
const stateSchema = once(() => {
  const text = z.exactOptional(z.string());
  const counts = z.record(z.string(), z.number());
  const findings = z.array(z.looseObject({ what: z.string(), id: z.string(), reason: z.string() }));
  const finished = z.exactOptional(
    z.looseObject({
      startedAt: z.string(),
      finishedAt: z.string(),
      outcome: z.enum(['complete', 'incomplete']),
      reason: text,
      spares: text,
      rows: z.number(),
      calls: z.number(),
      counts,
      findings,
    }),
  );
  return z.looseObject({
    dryRunAt: text,
    initial: finished,
    delta: finished,
    full: finished,
    complete: z.exactOptional(
      z.looseObject({ at: z.string(), rows: z.number(), number: z.number(), edition: text }),
    ),
    cursor: z.exactOptional(z.looseObject({ value: z.string(), of: z.string(), at: z.string() })),
    underWay: z.exactOptional(
      z.looseObject({
        kind: z.enum(READINGS),
        startedAt: z.string(),
        phase: z.enum(['pages', 'absence']),
        place: text,
        cursor: text,
        rows: z.number(),
        people: z.number(),
        pages: z.number(),
        calls: z.number(),
        total: z.exactOptional(z.number()),
        counts,
        findings,
        chunks: z.number(),
        accept: z.exactOptional(z.number()),
        isCut: z.exactOptional(z.literal(true)),
        hasNameless: z.exactOptional(z.literal(true)),
        spares: text,
        edition: text,
      }),
    ),
    groups: z.exactOptional(z.array(z.string())),
    lostAt: text,
    failures: z.exactOptional(z.number()),
    problem: z.exactOptional(z.looseObject({ at: z.string(), reason: z.string() })),
    notBefore: text,
    lease: z.exactOptional(z.looseObject({ holder: z.string(), until: z.number() })),
  });
});

function documentOf(source: string): DocumentForm<SyncState> {
  return {
    name: `sync:${source}`,
    parse: (stored) => (stored === undefined ? {} : (stateSchema().parse(stored) as SyncState)),
  };
}

type Store = Pick<Services, 'directory'>;

export function readSyncState({ directory }: Store, tenant: string, source: string): Promise<SyncState> {
  return readForm(directory, tenant, documentOf(source));
}

export function changeSyncState(
  { directory }: Store,
  tenant: string,
  source: string,
  edit: (state: SyncState) => SyncState,
): Promise<SyncState> {
  return changeDocument(directory, tenant, documentOf(source), edit);
}

/** Longer than any page takes, with the people on it. */
const LEASE_MS = 3 * 60_000;

/** The lease of a source's reading was lost to another function. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
}

/** One function at a time reads a source: what it writes, it writes as the holder of the lease. */
export interface HeldState {
  readonly state: () => SyncState;
  /** Changes the state and renews the lease. @throws LeaseLost */
  change(edit: (state: SyncState) => SyncState): Promise<void>;
  /** Renews the lease when it is half over. @throws LeaseLost */
  keep(): Promise<void>;
  release(): Promise<void>;
}

/** Takes the lease of a source; undefined while another function has it. */
export async function holdState(
  { directory, clock, randomId }: Services,
  tenant: string,
  source: string,
): Promise<HeldState | undefined> {
  const holder = randomId();
  const form = documentOf(source);
  const lease = () => ({ holder, until: clock.now() + LEASE_MS });
  const taken = await decideOnDocument<SyncState, SyncState | undefined>(directory, tenant, form, (state) => {
    if (state.lease !== undefined && state.lease.until > clock.now()) return { answer: undefined };
    const body = { ...state, lease: lease() };
    return { body, answer: body };
  });
  if (taken === undefined) return undefined;
  let current: SyncState = taken;
  const write = async (edit: (state: SyncState) => SyncState): Promise<void> => {
    current = await decideOnDocument<SyncState, SyncState>(directory, tenant, form, (state) => {
      if (state.lease?.holder !== holder) throw new LeaseLost('another function reads the source');
      const body = edit(state);
      return { body, answer: body };
    });
  };
  return {
    state: () => current,
    change: (edit) => write((state) => ({ ...edit(state), lease: lease() })),
    keep: async () => {
      if ((current.lease?.until ?? 0) - clock.now() > LEASE_MS / 2) return;
      await write((state) => ({ ...state, lease: lease() }));
    },
    release: () => write(({ lease: _, ...state }) => state),
  };
}

/** So many ids in one document: it stays below what DynamoDB keeps in an item (400 KB), however long they are. */
const CHUNK = 2_000;

/** Keeps ids of a reading that goes on later; answers how many documents there are. */
export async function keepIds(
  { directory, clock }: Services,
  tenant: string,
  source: string,
  ids: Iterable<string>,
): Promise<number> {
  // A reading that nobody goes on with is forgotten.
  const expiresAt = Math.ceil(clock.now() / 1_000) + 7 * 86_400;
  let chunk: string[] = [];
  let chunks = 0;
  const flush = async () => {
    await directory.writeDocument(tenant, chunkName(source, chunks), { ids: chunk }, undefined, expiresAt);
    chunks += 1;
    chunk = [];
  };
  for (const id of ids) {
    chunk.push(id);
    if (chunk.length === CHUNK) await flush();
  }
  if (chunk.length > 0) await flush();
  return chunks;
}

/** Ids that `keepIds` has kept; undefined when some are gone. */
export async function keptIds(
  { directory }: Store,
  tenant: string,
  source: string,
  chunks: number,
): Promise<string[] | undefined> {
  const ids: string[] = [];
  for (let chunk = 0; chunk < chunks; chunk += 1) {
    const found = await readForm(directory, tenant, chunkForm(source, chunk));
    if (found === undefined) return undefined;
    for (const id of found.ids) ids.push(id);
  }
  return ids;
}

function chunkName(source: string, chunk: number): string {
  return `sync:${source}:ids:${chunk}`;
}

function chunkForm(
  source: string,
  chunk: number,
): DocumentForm<{ readonly ids: readonly string[] } | undefined> {
  return {
    name: chunkName(source, chunk),
    parse: (stored) => {
      const { ids } = objectOf(stored);
      return Array.isArray(ids) ? { ids: ids.map(String) } : undefined;
    },
  };
}
