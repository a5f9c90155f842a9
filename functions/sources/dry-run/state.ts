import * as z from 'zod/mini';
import { type DocumentForm, readForm } from '../../directory/documents.ts';
import type { SourceState } from '../../events/source-state.ts';
import type { Services } from '../../provision/services.ts';
import { once } from '../../runtime/once.ts';
import type { Seen } from './dry-run.ts';

/** The dry run of a source that an operator asked the schedule for. */
export interface SourceDryRun {
  /** One function at a time: it renews what it holds. */
  readonly running?: {
    readonly holder: string;
    /** Epoch milliseconds. */
    readonly until: number;
    readonly rows: number;
    readonly total?: number;
  };
  readonly last?: {
    /** ISO 8601: when it ended. */
    readonly at: string;
    readonly by: string;
    readonly seen?: Seen;
    /** Why there is nothing to be seen. */
    readonly problem?: string;
  };
}

const schema = once(() => {
  const loose = z.looseObject({});
  return z.looseObject({
    running: z.exactOptional(z.looseObject({ holder: z.string(), until: z.number(), rows: z.number() })),
    last: z.exactOptional(
      z.looseObject({
        at: z.string(),
        by: z.string(),
        seen: z.exactOptional(
          z.looseObject({
            kind: z.string(),
            finished: loose,
            outlook: z.exactOptional(loose),
            failing: z.exactOptional(z.array(z.looseObject({ userName: z.string(), problem: z.string() }))),
          }),
        ),
        problem: z.exactOptional(z.string()),
      }),
    ),
  });
});

export const dryRunForm = (source: string): DocumentForm<SourceDryRun> => ({
  name: `sync:${source}:dry-run`,
  parse: (stored) => (stored === undefined ? {} : (schema().parse(stored) as unknown as SourceDryRun)),
});

export function readDryRun(
  { directory }: Pick<Services, 'directory'>,
  tenant: string,
  source: string,
): Promise<SourceDryRun> {
  return readForm(directory, tenant, dryRunForm(source));
}

/** Has the schedule find out what a reading would do. */
export function wantingDryRun(state: SourceState, by: string, now: number): SourceState {
  return { ...state, dryRunWanted: { at: new Date(now).toISOString(), by } };
}
