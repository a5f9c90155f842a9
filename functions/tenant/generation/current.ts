import type { Documents } from '../../directory/documents.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Configuration } from '../configuration.ts';
import { loadZlib } from './content.ts';
import { FORM, type GenerationEntry, newestKnown, readActive, readContent } from './store.ts';

/** A generation as a function works with it. */
export interface Generation {
  readonly number: number;
  /** SHA-256 of its content. */
  readonly digest: string;
  /** False where a newer one is active in a form that this code doesn't know: this is the newest that it knows. */
  readonly isActive: boolean;
  readonly configuration: Configuration;
}

export interface Generations {
  /** The generation to work with now; undefined while there is none that this code can read. */
  current(): Promise<Generation | undefined>;
  /** The same, looked at anew although the last look is not old: a newer generation has left its mark somewhere. */
  lookAgain(): Promise<Generation | undefined>;
}

export interface GenerationsOptions {
  readonly directory: Pick<Documents, 'readDocument' | 'writeDocument'>;
  readonly clock: Pick<Clock, 'now'>;
  /** What one machine makes of a configuration: where SmartAssist is there, for instance. */
  readonly adapt?: (configuration: Configuration) => Configuration;
  /** The newest form that is known, by older code an older one. */
  readonly form?: number;
}

/** How long a look at which generation is active holds. */
const FRESH_MS = 30_000;
/** The same while there is none: the first is waited for. Also the least time between two looks. */
const NONE_MS = 1_000;

/**
 * The configuration as functions read it: kept in memory, and every 30 seconds one small read tells whether it still is the
 * active one. Its content is read once. Calls at the same time share a read.
 */
export function openGenerations({
  directory,
  clock,
  adapt = (configuration) => configuration,
  form = FORM,
}: GenerationsOptions): Generations {
  let known: Generation | undefined;
  let lookedAt = Number.NEGATIVE_INFINITY;
  let looking: Promise<Generation | undefined> | undefined;

  const load = async (entry: GenerationEntry, isActive: boolean): Promise<Generation> => {
    const { number, digest } = entry;
    if (known?.number === number) return known.isActive === isActive ? known : { ...known, isActive };
    const configuration = adapt(await readContent(directory, entry));
    return { number, digest, isActive, configuration };
  };
  const look = async (): Promise<Generation | undefined> => {
    const at = clock.now();
    // Once the question is on its way: nothing else is to be done until the answer comes.
    setImmediate(loadZlib);
    const active = (await readActive(directory))?.entry;
    const usable =
      active === undefined || active.form <= form ? active : await newestKnown(directory, active, form);
    known = usable === undefined ? undefined : await load(usable, usable === active);
    lookedAt = at;
    return known;
  };
  const lookOnce = (): Promise<Generation | undefined> => {
    looking ??= look().finally(() => {
      looking = undefined;
    });
    return looking;
  };
  const isOlderThan = (milliseconds: number) => clock.now() - lookedAt >= milliseconds;

  return {
    current: async () => (isOlderThan(known === undefined ? NONE_MS : FRESH_MS) ? lookOnce() : known),
    lookAgain: async () => (isOlderThan(NONE_MS) ? lookOnce() : known),
  };
}
