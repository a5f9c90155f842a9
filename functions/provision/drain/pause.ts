import type { Directory } from '../../directory/directory.ts';
import type { DocumentForm } from '../../directory/documents.ts';
import { readForm } from '../../directory/documents.ts';
import { compact } from '../../runtime/compact.ts';
import type { CallBudget } from '../../smartassist/budget.ts';

/** An operator stopped the calls of a tenant to SmartAssist: the doors go on, and what they store stays due. */
export interface Pause {
  /** ISO 8601. */
  readonly since: string;
  readonly by: string;
  readonly reason?: string;
}

export const PAUSE_DOCUMENT: DocumentForm<{ readonly pause?: Pause }> = {
  name: 'pause',
  parse: (body) => {
    const { pause } = (body ?? {}) as { pause?: Partial<Pause> };
    if (pause === undefined || typeof pause.since !== 'string') return {};
    const { since, by = '', reason } = pause;
    return { pause: { since, by, ...compact({ reason }) } };
  },
};

export async function readPause(
  directory: Pick<Directory, 'readDocument'>,
  tenant: string,
): Promise<Pause | undefined> {
  return (await readForm(directory, tenant, PAUSE_DOCUMENT)).pause;
}

/** As one sentence: `Paused since … by …: …`. */
export function pauseText({ since, by, reason }: Pause): string {
  return `Paused since ${since} by ${by}${reason === undefined ? '.' : `: ${reason}`}`;
}

/** How soon it is looked again whether a pause is over. */
const LOOK_AGAIN_MS = 5_000;

/**
 * The budget of a tenant that may be paused: no call is begun while it is. What is begun is ended, so that no agent is left
 * half changed.
 */
export function pausable(
  budget: CallBudget,
  directory: Pick<Directory, 'readDocument'>,
  tenant: string,
): CallBudget {
  const isPaused = async (urgency: Parameters<CallBudget['take']>[0]) =>
    urgency !== 'begun' && (await readPause(directory, tenant)) !== undefined;
  return {
    ...budget,
    take: async (urgency) =>
      (await isPaused(urgency)) ? { granted: false, waitMs: LOOK_AGAIN_MS } : budget.take(urgency),
    waitMs: async (urgency) => ((await isPaused(urgency)) ? LOOK_AGAIN_MS : budget.waitMs(urgency)),
  };
}
