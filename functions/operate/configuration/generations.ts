import type { Directory } from '../../directory/directory.ts';
import type { Configuration } from '../../tenant/configuration.ts';
import {
  type ActiveEntry,
  FORM,
  type GenerationEntry,
  newestKnown,
  readActive,
  readContent,
  readGeneration,
} from '../../tenant/generation/store.ts';
import { OperateError } from '../errors.ts';

/** The generation that is active, and what infrastructure was deployed with. */
export interface Generations {
  readonly after: ActiveEntry | undefined;
  readonly before: Configuration | undefined;
  readonly deployed: Configuration | undefined;
}

/**
 * @param isDeployment code that was taken back is deployed with its configuration: what a later version has activated since
 * is followed by it, and the newest generation that this code knows is what was before
 * @throws OperateError where the active generation is one of a later version of the product, and nothing is deployed
 */
export async function readGenerations(directory: Directory, isDeployment = false): Promise<Generations> {
  const after = await readActive(directory);
  if (after === undefined) return { after, before: undefined, deployed: undefined };
  if (isDeployment && after.entry.form > FORM) {
    const known = await newestKnown(directory, after.entry, FORM);
    return { after, before: known && (await readContent(directory, known)), deployed: undefined };
  }
  const before = await readConfigurationOf(directory, after.entry);
  const entry = await readGeneration(directory, after.entry, after.entry.deployed);
  const isSame = entry === undefined || entry.digest === after.entry.digest;
  return { after, before, deployed: isSame ? before : await readConfigurationOf(directory, entry) };
}

/** @throws OperateError for a generation of a later version of the product */
export async function readConfigurationOf(
  directory: Directory,
  entry: GenerationEntry,
): Promise<Configuration> {
  if (entry.form > FORM) {
    throw new OperateError(
      'unavailable',
      `generation ${entry.number} was written by a later version (form ${entry.form}, this one knows ${FORM}); use that version`,
    );
  }
  return readContent(directory, entry);
}

/** In words, for what was planned after another one. */
export function activatedText({ number, by, at }: GenerationEntry): string {
  return `generation ${number}, of ${by}, was activated at ${at}`;
}
