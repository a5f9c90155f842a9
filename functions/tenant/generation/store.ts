import * as z from 'zod/mini';
import type { Documents } from '../../directory/documents.ts';
import type { Condition } from '../../directory/table.ts';
import { compact } from '../../runtime/compact.ts';
import { once } from '../../runtime/once.ts';
import type { Configuration } from '../configuration.ts';
import { pack, unpack } from './content.ts';

/**
 * Generations of the configuration in the directory: each a version of provisioner.yaml as it was checked, kept for ever.
 * One small document says which is active; changing it is the one conditional write that activates a generation. The
 * parts of the content are stored before under names made from the content itself, so that two pushes at the same time
 * never mix. The entry of the generation before is kept before it is replaced.
 */

/** The form of configurations that this code writes. A later one is for later code alone. */
export const FORM = 1;

const OWNER = 'configuration:';
const ACTIVE = 'active';

const entrySchema = once(() =>
  z.object({
    /** 1 for the first, and one more for each that is activated, rolled back ones included. */
    number: z.number(),
    form: z.number(),
    /** ISO 8601: when it was activated, by whom, and why. */
    at: z.string(),
    by: z.string(),
    reason: z.optional(z.string()),
    digest: z.string(),
    parts: z.number(),
    /** The generation that was written by the last deployment: what infrastructure is made of is as that one says. */
    deployed: z.number(),
    /** The generation that this one brings back, or whose mapping of a tenant. */
    restores: z.optional(z.number()),
  }),
);
/** A generation without its content. */
export type GenerationEntry = z.output<ReturnType<typeof entrySchema>>;

/** The active generation, with what its next change is conditional on. */
export interface ActiveEntry {
  readonly entry: GenerationEntry;
  readonly version: number;
}

type Store = Pick<Documents, 'readDocument' | 'writeDocument'>;

/** The active generation; undefined while there is none. One small strongly consistent read. */
export async function readActive(directory: Store): Promise<ActiveEntry | undefined> {
  const found = await directory.readDocument(OWNER, ACTIVE);
  return found && { entry: entrySchema().parse(found.body), version: found.version };
}

/** A generation that is or was active. */
export async function readGeneration(
  directory: Store,
  active: GenerationEntry,
  number: number,
): Promise<GenerationEntry | undefined> {
  if (number === active.number) return active;
  const found = await directory.readDocument(OWNER, entryName(number));
  return found && entrySchema().parse(found.body);
}

/** All generations, the newest first. */
export async function* listGenerations(
  directory: Store,
  active: GenerationEntry,
): AsyncGenerator<GenerationEntry> {
  for (let number = active.number; number > 0; number -= 1) {
    const entry = await readGeneration(directory, active, number);
    if (entry !== undefined) yield entry;
  }
}

/** The newest generation whose form this code knows, the active one for preference. */
export async function newestKnown(
  directory: Store,
  active: GenerationEntry,
  form: number,
): Promise<GenerationEntry | undefined> {
  for await (const entry of listGenerations(directory, active)) if (entry.form <= form) return entry;
  return undefined;
}

/** What a generation holds. */
export async function readContent(
  directory: Store,
  { number, digest, parts }: GenerationEntry,
): Promise<Configuration> {
  const found = await Promise.all(
    Array.from({ length: parts }, (_, index) => directory.readDocument(OWNER, partName(digest, index))),
  );
  const texts = found.map((part) => {
    if (typeof part?.body.text === 'string') return part.body.text;
    throw new Error(`generation ${number} of the configuration is incomplete`);
  });
  return unpack({ digest, parts: texts });
}

/** Whose action activates a generation, and how. */
export interface ActivationTerms {
  /** The active generation that the caller has looked at; undefined where there was none. */
  readonly after: ActiveEntry | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly by: string;
  readonly reason?: string;
  /** The stack was deployed with this configuration. */
  readonly isDeployment: boolean;
  /** The generation whose content it is, or whose mapping of a tenant. */
  readonly restores?: number;
}

export type Activated =
  | { readonly outcome: 'activated'; readonly entry: GenerationEntry }
  /** The active one holds the same already; nothing was written. */
  | { readonly outcome: 'unchanged'; readonly entry: GenerationEntry }
  /** Another generation was activated since the caller looked: that one. */
  | { readonly outcome: 'lost'; readonly entry: GenerationEntry };

/**
 * Stores a configuration as the next generation and makes it the active one, unless another was activated meanwhile. The
 * caller has checked it.
 */
export async function activate(
  directory: Store,
  configuration: Configuration,
  { after, now, by, reason, isDeployment, restores }: ActivationTerms,
): Promise<Activated> {
  const { digest, parts } = pack(configuration);
  const isSame = after !== undefined && after.entry.digest === digest && after.entry.form === FORM;
  if (isSame)
    return isDeployment ? noteDeployed(directory, after) : { outcome: 'unchanged', entry: after.entry };
  for (const [index, text] of parts.entries()) {
    // Named by its content, so what stands there already is the same.
    await directory.writeDocument(OWNER, partName(digest, index), { text }, 'absent');
  }
  if (after !== undefined) {
    await directory.writeDocument(OWNER, entryName(after.entry.number), after.entry, 'absent');
  }
  const number = (after?.entry.number ?? 0) + 1;
  const entry: GenerationEntry = {
    number,
    form: FORM,
    at: new Date(now).toISOString(),
    by,
    digest,
    parts: parts.length,
    deployed: isDeployment || after === undefined ? number : after.entry.deployed,
    ...compact({ reason, restores }),
  };
  const condition: Condition = after === undefined ? 'absent' : { version: after.version };
  const written = await directory.writeDocument(OWNER, ACTIVE, entry, condition);
  if (written.ok) return { outcome: 'activated', entry };
  return { outcome: 'lost', entry: entrySchema().parse(written.found?.body) };
}

/** The same content is no other generation: of the active one it is noted that it is what was deployed last. */
async function noteDeployed(directory: Store, { entry, version }: ActiveEntry): Promise<Activated> {
  if (entry.deployed === entry.number) return { outcome: 'unchanged', entry };
  const noted: GenerationEntry = { ...entry, deployed: entry.number };
  const written = await directory.writeDocument(OWNER, ACTIVE, noted, { version });
  if (written.ok) return { outcome: 'unchanged', entry: noted };
  return { outcome: 'lost', entry: entrySchema().parse(written.found?.body) };
}

const entryName = (number: number) => `generation ${number}`;
const partName = (digest: string, index: number) => `content ${digest} ${index}`;
