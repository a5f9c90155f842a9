import * as z from 'zod/mini';
import { changeDocument, type DocumentForm, readForm } from '../directory/documents.ts';
import type { Services } from '../provision/services.ts';
import { compact } from '../runtime/compact.ts';
import { once } from '../runtime/once.ts';

/** How a source fares: kept as one small document, shown to operators. */
export interface SourceState {
  /** ISO 8601: the last request that proved itself, to the minute. */
  readonly heardAt?: string;
  /** The last pauses between requests, in milliseconds, the newest last. */
  readonly gaps?: readonly number[];
  /** Nothing of the source is taken until an operator resumes it. */
  readonly paused?: { readonly at: string; readonly reason: string };
  /** ISO 8601 since when it counts as silent. */
  readonly silentSince?: string;
  /** What the provider last said about the subscription itself. */
  readonly notice?: { readonly at: string; readonly type: string; readonly detail: string };
  /** What readings of its people don't tell, such as the status, since when (ISO 8601); absent where they tell all. */
  readonly unread?: { readonly at: string; readonly what: string };
  /** ISO 8601: until when the provider may hand over its secret; an operator opened it. */
  readonly expectsUntil?: string;
  /** The secret that the provider handed over, for an operator to put into the source's secret. */
  readonly handedOver?: { readonly at: string; readonly token: string };
  /** A reading that heals what may have been lost, and why it is wanted. */
  readonly syncWanted?: {
    readonly kind: 'delta' | 'full';
    readonly reason: string;
    readonly at: string;
    /** An operator who has seen what it would do has everybody read for the first time. */
    readonly isFirst?: true;
  };
  /** What a reading would do is to be found out for an operator. */
  readonly dryRunWanted?: { readonly at: string; readonly by: string };
  /** A subscription that the schedule keeps alive. */
  readonly subscription?: {
    readonly id: string;
    readonly expiresAt: string;
    readonly resourceId?: string;
    /** The provider wants it renewed before its time. */
    readonly isDue?: true;
  };
}

/** Loose: what a newer version has added stays where this one changes something else. */
const stateSchema = once(() =>
  z.looseObject({
    heardAt: z.exactOptional(z.string()),
    gaps: z.exactOptional(z.array(z.number())),
    paused: z.exactOptional(z.looseObject({ at: z.string(), reason: z.string() })),
    silentSince: z.exactOptional(z.string()),
    unread: z.exactOptional(z.looseObject({ at: z.string(), what: z.string() })),
    expectsUntil: z.exactOptional(z.string()),
    notice: z.exactOptional(z.looseObject({ at: z.string(), type: z.string(), detail: z.string() })),
    syncWanted: z.exactOptional(
      z.looseObject({
        kind: z.enum(['delta', 'full']),
        reason: z.string(),
        at: z.string(),
        isFirst: z.exactOptional(z.literal(true)),
      }),
    ),
    dryRunWanted: z.exactOptional(z.looseObject({ at: z.string(), by: z.string() })),
    handedOver: z.exactOptional(z.looseObject({ at: z.string(), token: z.string() })),
    subscription: z.exactOptional(
      z.looseObject({
        id: z.string(),
        expiresAt: z.string(),
        resourceId: z.exactOptional(z.string()),
        isDue: z.exactOptional(z.literal(true)),
      }),
    ),
  }),
);

/** Hearing is written this often at most, so that a flood of events is no flood of writes. */
const HEARD_EVERY_MS = 60_000;
/** How long another function's pause may go unnoticed. */
const CACHED_MS = 10_000;
const GAPS = 20;

export interface States {
  /** The state, at most a few seconds old. */
  get(tenant: string, source: string): Promise<SourceState>;
  /** Notes that a request has proved itself. */
  heard(tenant: string, source: string): Promise<void>;
  change(tenant: string, source: string, edit: (state: SourceState) => SourceState): Promise<SourceState>;
  /** Has the source read, because something may have been lost: see `wanting`. */
  want(tenant: string, source: string, reason: string, kind?: 'delta' | 'full'): Promise<SourceState>;
}

export function openStates({ directory, clock }: Services): States {
  const cache = new Map<string, { readonly state: SourceState; readonly readAt: number }>();
  const keep = (tenant: string, source: string, state: SourceState): SourceState => {
    cache.set(`${tenant}/${source}`, { state, readAt: clock.now() });
    return state;
  };

  const get: States['get'] = async (tenant, source) => {
    const known = cache.get(`${tenant}/${source}`);
    if (known !== undefined && clock.now() - known.readAt < CACHED_MS) return known.state;
    return keep(tenant, source, await readForm(directory, tenant, documentOf(source)));
  };
  const change: States['change'] = async (tenant, source, edit) =>
    keep(tenant, source, await changeDocument(directory, tenant, documentOf(source), edit));
  return {
    get,
    change,
    want: (tenant, source, reason, kind) =>
      change(tenant, source, (state) => wanting(state, clock.now(), reason, kind)),
    heard: async (tenant, source) => {
      const known = await get(tenant, source);
      const now = clock.now();
      const last = known.heardAt === undefined ? undefined : Date.parse(known.heardAt);
      if (last !== undefined && now - last < HEARD_EVERY_MS && known.silentSince === undefined) return;
      await change(tenant, source, ({ silentSince, ...before }) => {
        const state = silentSince === undefined ? before : wanting(before, now, 'the source was silent');
        const gap = state.heardAt === undefined ? undefined : now - Date.parse(state.heardAt);
        // Two functions heard something in the same minute.
        if (gap !== undefined && gap < HEARD_EVERY_MS) return state;
        const gaps = gap === undefined ? [] : [...(state.gaps ?? []), gap].slice(-GAPS);
        return { ...state, heardAt: new Date(now).toISOString(), gaps };
      });
    },
  };
}

/** Takes nothing of a source any more, and raises the alarm; no person is put out of service by it. */
export async function pauseSource(
  states: States,
  { clock, log, metrics }: Services,
  tenant: string,
  source: string,
  reason: string,
): Promise<void> {
  const at = new Date(clock.now()).toISOString();
  await states.change(tenant, source, (state) => ({ ...state, paused: state.paused ?? { at, reason } }));
  log.error('a source was paused', { tenant, source, reason });
  metrics.gauge('SourcePaused', { tenant }, 1);
}

/** Takes what a source sends again. */
export async function resumeSource(states: States, tenant: string, source: string): Promise<void> {
  const { paused } = await states.get(tenant, source);
  await states.change(tenant, source, ({ paused: _, ...state }) => state);
  if (paused !== undefined) await states.want(tenant, source, 'the source was paused', 'full');
}

/**
 * The state with a reading that is wanted, because something may have been lost: what changed since the last one, or
 * everybody. Where sources are read, the schedule does it with its next minute.
 */
export function wanting(
  { syncWanted, ...state }: SourceState,
  now: number,
  reason: string,
  kind: 'delta' | 'full' = 'delta',
): SourceState {
  const strongest = syncWanted?.kind === 'full' ? 'full' : kind;
  const at = new Date(now).toISOString();
  return {
    ...state,
    syncWanted: { kind: strongest, reason, at, ...compact({ isFirst: syncWanted?.isFirst }) },
  };
}

/** Lets the provider hand over a secret until then, the first one; one from before is forgotten. */
export async function expectSecret(
  states: States,
  tenant: string,
  source: string,
  until: number,
): Promise<void> {
  const expectsUntil = new Date(until).toISOString();
  await states.change(tenant, source, ({ handedOver: _, ...state }) => ({ ...state, expectsUntil }));
}

function documentOf(source: string): DocumentForm<SourceState> {
  return { name: `source:${source}`, parse };
}

function parse(stored: unknown): SourceState {
  return stored === undefined ? {} : stateSchema().parse(stored);
}
