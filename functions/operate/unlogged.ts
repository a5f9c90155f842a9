import * as z from 'zod/mini';
import { changeDocument, type DocumentForm, readForm } from '../directory/documents.ts';
import type { Services } from '../provision/services.ts';
import { once } from '../runtime/once.ts';

/**
 * Actions of commands, which run where no log is read: kept until the schedule has written them into its own, from where
 * a SIEM gets them. Each is logged once; twice where a function dies between the line and the note of it.
 */

const actionSchema = once(() =>
  z.object({ id: z.string(), at: z.string(), action: z.string(), by: z.string() }),
);
export type UnloggedAction = z.output<ReturnType<typeof actionSchema>>;

const unloggedSchema = once(() =>
  z.object({
    actions: z._default(z.array(actionSchema()), []),
    /** How many were too many to be kept: the audit has them. */
    dropped: z._default(z.number(), 0),
  }),
);
type Unlogged = z.output<ReturnType<typeof unloggedSchema>>;
const UNLOGGED: DocumentForm<Unlogged> = {
  name: 'audit-unlogged',
  parse: (stored) => unloggedSchema().parse(stored ?? {}),
};

/** As much as a schedule that has stood still for a while is given. */
const MOST = 200;

/** Keeps an action until it is logged. */
export async function noteUnlogged(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
  action: UnloggedAction,
): Promise<void> {
  await changeDocument(directory, tenant, UNLOGGED, ({ actions, dropped }) => {
    const all = [...actions, action];
    return { actions: all.slice(-MOST), dropped: dropped + Math.max(0, all.length - MOST) };
  });
}

/** Logs what commands did since the last look, with when they did it. */
export async function logActions(
  { directory, log }: Pick<Services, 'directory' | 'log'>,
  tenant: string,
): Promise<void> {
  const { actions, dropped } = await readForm(directory, tenant, UNLOGGED);
  if (actions.length === 0) return;
  for (const { at, action, by } of actions) log.info(ACTED, { tenant, action, by, at });
  if (dropped > 0) log.warn('actions of operators are in the audit alone', { tenant, count: dropped });
  const logged = new Set(actions.map(({ id }) => id));
  await changeDocument(directory, tenant, UNLOGGED, (now) => ({
    actions: now.actions.filter(({ id }) => !logged.has(id)),
    dropped: now.dropped - dropped,
  }));
}

/** What a log line about an action says, by which it is found. */
export const ACTED = 'an operator acted';
