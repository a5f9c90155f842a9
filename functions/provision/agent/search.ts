import { type DocumentForm, objectOf, readForm } from '../../directory/documents.ts';
import type { Services } from '../services.ts';

/** What reconciliation keeps of itself, as far as it says whether an agent has been looked for. */
const RECONCILIATION: DocumentForm<{ readonly startedAt: number; readonly isDone: boolean }> = {
  name: 'census',
  parse: (stored) => {
    const { startedAt, phase } = objectOf(stored);
    const at = typeof startedAt === 'string' ? Date.parse(startedAt) : Number.NEGATIVE_INFINITY;
    return { startedAt: at, isDone: phase === 'done' };
  },
};
/** When a person asked for a reconciliation last. */
const WANTED: DocumentForm<{ readonly at: number }> = {
  name: 'census-wanted',
  parse: (stored) => {
    const { at } = objectOf(stored);
    return { at: typeof at === 'number' ? at : Number.NEGATIVE_INFINITY };
  },
};
/** A reconciliation begun so lately has looked already: refusing a person again and again starts no other. */
const RECENT_MS = 60 * 60_000;
/** Nothing is looked for longer: agents can't be listed at present. */
const LONGEST_MS = 24 * 60 * 60_000;

type Needs = Pick<Services, 'directory' | 'clock'>;

/**
 * Whether the agent that stands in a person's way may still be found: a reconciliation that begins after `since` reads
 * all agents. Asked the first time, it starts one.
 *
 * @param since ISO 8601 when the search for this agent began; absent at first
 */
export async function isLookedFor(
  services: Needs,
  tenant: string,
  since: string | undefined,
): Promise<boolean> {
  const { directory, clock } = services;
  const now = clock.now();
  const last = await readForm(directory, tenant, RECONCILIATION);
  const sufficient = since === undefined ? now - RECENT_MS : Date.parse(since);
  if (last.isDone && last.startedAt >= sufficient) return false;
  if (since !== undefined && now - Date.parse(since) > LONGEST_MS) return false;
  const wanted = await readForm(directory, tenant, WANTED);
  if (wanted.at <= last.startedAt && last.startedAt < sufficient) {
    await directory.writeDocument(tenant, WANTED.name, { at: now });
  }
  return true;
}

/** Whether a person waits for a reconciliation that hasn't begun. */
export async function isReconciliationWanted({ directory }: Needs, tenant: string): Promise<boolean> {
  const wanted = await readForm(directory, tenant, WANTED);
  return wanted.at > (await readForm(directory, tenant, RECONCILIATION)).startedAt;
}

/** Asks for a reconciliation: the schedule begins one within a minute, unless one is under way. */
export async function requestReconciliation({ directory, clock }: Needs, tenant: string): Promise<void> {
  await directory.writeDocument(tenant, WANTED.name, { at: clock.now() });
}
