import { resolve } from 'node:path';
import { type Actor, recordAction } from '../../functions/operate/audit.ts';
import { NO_UTF8 } from '../../functions/providers/file/lines.ts';
import { compact } from '../../functions/runtime/compact.ts';
import { callsToReckonWith } from '../../functions/smartassist/call-rate.ts';
import { type DryRun, openDryRun } from '../../functions/sources/dry-run/overlay.ts';
import {
  type CommandContext,
  chooseTenant,
  type Opened,
  readConfiguration,
  withTenant,
} from '../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../failure.ts';
import { besideFiles, STANDARD } from '../file-output.ts';
import { candidateOf } from '../import/candidate.ts';
import { bookmark, type Counts } from '../import/checkpoint.ts';
import { openRejects } from '../import/rejects.ts';
import { type ImportRow, openRows } from '../import/rows.ts';
import { summarise } from '../import/summary.ts';
import { takeAll } from '../import/take.ts';
import { openTakenNames } from '../import/taken-names.ts';
import { findCatalogue, type NameSource } from '../names.ts';
import { type ActorOptions, actorOf } from '../operator/actor.ts';
import { counted, type Output } from '../output.ts';
import { startProgress } from '../progress.ts';
import { assertConfigured } from './sources.ts';

export interface ImportOptions extends ActorOptions, NameSource {
  /** Writes; without it the file is only read and judged. */
  readonly apply: boolean;
  /** `Column=path,…`: what the columns of a CSV file are; without it the header names SCIM paths. */
  readonly columns?: string;
  /** Where lines go that can't be taken; without it beside the file. */
  readonly rejects?: string;
  /** Names of groups that everybody in the file is in, beside those of the column `groups`. */
  readonly groups?: readonly string[];
  /** The source whose ids are in the column `id`. */
  readonly source?: string;
}

/** So many persons are taken at once; after them the place is noted, so that an import that broke off goes on there. */
const BATCH = 100;

/**
 * `import FILE`: takes the persons of a CSV or JSONL file in as back-fill: joiners go ahead of them. A dry run unless
 * `--apply` is given. Each line is a person by itself: what can't be taken is written to the reject file with the reason,
 * and the rest goes on. Begun again after it broke off, it goes on where it was.
 *
 * @returns the exit code: 1 when lines were rejected
 */
export async function importPersons(
  context: CommandContext,
  file: string,
  options: ImportOptions,
  answer: Output,
): Promise<number> {
  const output = besideFiles(answer, options.rejects);
  const tenant = chooseTenant(context, readConfiguration(context));
  const rows = openRows(file, options.columns, options.source !== undefined);
  const rejectFile = options.rejects ?? `${file === '-' ? 'import' : file}.rejects.jsonl`;
  if (rejectFile !== STANDARD && resolve(rejectFile) === resolve(file))
    throw new CommandFailure(`the rejects would go over ${file} itself`);
  if (options.source !== undefined) assertConfigured(tenant, options.source);
  const actor = options.apply ? await actorOf(context, options) : undefined;
  return withTenant(context, tenant, async (opened) => {
    if (actor !== undefined) return importRows(opened, rows, rejectFile, { ...options, actor }, output);
    const run = openDryRun(opened, await findCatalogue(options, opened.provisioning, opened.directory));
    return importRows({ ...opened, services: run.services }, rows, rejectFile, { ...options, run }, output);
  });
}

/** How the rows are taken: stored on an operator's word, or in a dry run. */
type Terms = ImportOptions &
  (
    | { readonly actor: Actor; readonly run?: undefined }
    | { readonly run: DryRun; readonly actor?: undefined }
  );

async function importRows(
  { directory, provisioning, services, paused }: Omit<Opened, 'table'>,
  rows: ReturnType<typeof openRows>,
  rejectFile: string,
  terms: Terms,
  output: Output,
): Promise<number> {
  const { actor, run } = terms;
  const apply = actor !== undefined;
  const mark = bookmark(directory, provisioning.name, apply ? rows.identity : undefined);
  const names = openTakenNames();
  const ids = openTakenNames();
  const progress = startProgress(apply ? 'Importing' : 'Reading', { share: rows.share });
  try {
    const place = await mark.read();
    if (place !== undefined) {
      output.note(`Going on behind line ${place.line}, where the last import of this file broke off.`);
    }
    // Recorded before the first is stored: an import that is broken off has stored some, too.
    if (actor !== undefined) {
      await recordAction(services, provisioning.name, actor, 'import', { behind: place?.line ?? 0 });
    }
    const counts: Counts = place?.counts ?? { new: 0, changed: 0, unchanged: 0, rejected: 0 };
    let firstBroken: number | undefined;
    let broken = 0;
    const rejects = openRejects(rejectFile, place?.rejects.file === rejectFile ? place.rejects.bytes : 0);
    try {
      for await (const batch of batchesOf(rows.read())) {
        const read = batch.map((row) =>
          candidateOf(row, names, terms.source === undefined ? undefined : ids),
        );
        const open = read.filter(({ line }) => line > (place?.line ?? 0));
        const taken = await takeAll(open, provisioning, services, terms);
        for (const { verdict, reason, candidate } of taken) {
          counts[verdict] += 1;
          const { line, lastLine, userName } = candidate;
          if (reason === undefined) continue;
          const isBroken = reason === NO_UTF8;
          if (isBroken) broken += 1;
          // Told once: a file is saved in one encoding.
          const said = isBroken && firstBroken !== undefined ? `As line ${firstBroken}.` : reason;
          if (isBroken) firstBroken ??= line;
          rejects.write({ line, ...compact({ lastLine, userName }), reason: said });
        }
        await run?.look(false);
        progress.advance(batch.length);
        const last = open.at(-1);
        if (last !== undefined) {
          await mark.note({
            line: last.line,
            counts,
            rejects: { file: rejectFile, bytes: rejects.bytes() },
          });
        }
      }
    } finally {
      rejects.close();
    }
    await run?.look(true);
    await mark.erase();
    progress.end();
    if (firstBroken !== undefined) {
      output.note(
        `${counted(broken, 'line')} not in UTF-8, the first is ${firstBroken}: the file is in another encoding, such as Windows-1252. Save it as "CSV UTF-8", or: iconv -f WINDOWS-1252 -t UTF-8 <file>`,
      );
    }
    if (actor !== undefined) {
      await recordAction(services, provisioning.name, actor, 'import end', { lines: counts });
    }
    const callsPerMinute = callsToReckonWith(provisioning.tenant.smartassist.callsPerMinute);
    summarise(counts, { run, rejectFile, callsPerMinute, ...compact({ paused }) }, output);
    return counts.rejected > 0 ? EXIT_FINDINGS : 0;
  } finally {
    progress.end();
    names.close();
    ids.close();
  }
}

async function* batchesOf(rows: AsyncIterable<ImportRow>): AsyncGenerator<ImportRow[]> {
  let batch: ImportRow[] = [];
  for await (const row of rows) {
    batch.push(row);
    if (batch.length < BATCH) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}
