import { resolve } from 'node:path';
import { type PersonRecord, PRIORITY } from '../../functions/directory/record.ts';
import { type Actor, recordAction } from '../../functions/operate/audit.ts';
import { acceptInline } from '../../functions/provision/accept-inline.ts';
import { isProvisional } from '../../functions/provision/lifecycle.ts';
import type { Services } from '../../functions/provision/services.ts';
import type { TenantProvisioning } from '../../functions/provision/tenant.ts';
import { compact } from '../../functions/runtime/compact.ts';
import { ScimInputError } from '../../functions/scim-core/error.ts';
import { applyPatch } from '../../functions/scim-core/patch/patch.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import { parseResource } from '../../functions/scim-core/resource/parse.ts';
import { USER_KIND } from '../../functions/scim-core/schema.ts';
import { callsToReckonWith } from '../../functions/smartassist/call-rate.ts';
import {
  type CommandContext,
  chooseTenant,
  type Opened,
  readConfiguration,
  withTenant,
} from '../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../failure.ts';
import { bookmark, type Counts, VERDICTS, type Verdict } from '../import/checkpoint.ts';
import { openRejects } from '../import/rejects.ts';
import { type ImportRow, openRows } from '../import/rows.ts';
import { openTakenNames, type TakenNames } from '../import/taken-names.ts';
import { type ActorOptions, actorOf } from '../operator/actor.ts';
import { counted, type Output, table } from '../output.ts';
import { startProgress } from '../progress.ts';

export interface ImportOptions extends ActorOptions {
  /** Writes; without it the file is only read and judged. */
  readonly apply: boolean;
  /** `Column=path,…`: what the columns of a CSV file are; without it the header names SCIM paths. */
  readonly columns?: string;
  /** Where lines go that can't be taken; without it beside the file. */
  readonly rejects?: string;
}

/** So many persons are taken at once; after them the place is noted, so that an import that broke off goes on there. */
const BATCH = 100;
/** How often a person is looked at anew that another writer changed meanwhile. */
const MAX_RACES = 5;

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
  output: Output,
): Promise<number> {
  const tenant = chooseTenant(context, readConfiguration(context));
  const rows = openRows(file, options.columns);
  const rejectFile = options.rejects ?? `${file === '-' ? 'import' : file}.rejects.jsonl`;
  if (resolve(rejectFile) === resolve(file))
    throw new CommandFailure(`the rejects would go over ${file} itself`);
  const actor = options.apply ? await actorOf(context, options) : undefined;
  return withTenant(context, tenant, (opened) => importRows(opened, rows, rejectFile, actor, output));
}

async function importRows(
  { directory, provisioning, services }: Opened,
  rows: ReturnType<typeof openRows>,
  rejectFile: string,
  actor: Actor | undefined,
  output: Output,
): Promise<number> {
  const apply = actor !== undefined;
  const mark = bookmark(directory, provisioning.name, apply ? rows.identity : undefined);
  const names = openTakenNames();
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
    const rejects = openRejects(rejectFile, place?.rejects.file === rejectFile ? place.rejects.bytes : 0);
    try {
      for await (const batch of batchesOf(rows.read())) {
        const read = batch.map((row) => candidateOf(row, names));
        const open = read.filter(({ line }) => line > (place?.line ?? 0));
        const taken = await Promise.all(open.map((each) => take(each, provisioning, services, apply)));
        for (const { verdict, reason, candidate } of taken) {
          counts[verdict] += 1;
          const { line, lastLine, userName } = candidate;
          if (reason !== undefined) {
            rejects.write({
              line,
              ...compact({ lastLine, userName }),
              reason,
            });
          }
        }
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
    await mark.erase();
    progress.end();
    if (actor !== undefined) {
      await recordAction(services, provisioning.name, actor, 'import end', { lines: counts });
    }
    summarise(
      counts,
      apply,
      rejectFile,
      callsToReckonWith(provisioning.tenant.smartassist.callsPerMinute),
      output,
    );
    return counts.rejected > 0 ? EXIT_FINDINGS : 0;
  } finally {
    progress.end();
    names.close();
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

/** A row that was read by itself: who it is about, or why it can't be taken. */
interface Candidate {
  readonly line: number;
  readonly lastLine?: number;
  readonly userName?: string;
  /** What it makes of the person that there is, or of nobody. */
  readonly person?: (before: Person | undefined) => { person: Person; changed: boolean };
  readonly problem?: string;
}

function candidateOf(row: ImportRow, names: TakenNames): Candidate {
  const { line, lastLine } = row;
  const place = { line, ...compact({ lastLine }) };
  if ('problem' in row) return { ...place, problem: row.problem };
  try {
    const given = personOf(row);
    const { userName } = given;
    const other = names.take(userName, line);
    if (other !== undefined)
      return { ...place, userName, problem: `The userName is in line ${other} already.` };
    const operations = 'resource' in row ? [{ op: 'replace', value: given }] : row.operations;
    return {
      ...place,
      userName,
      person: (before) => {
        if (before === undefined) return { person: given, changed: true };
        const { resource, changed } = applyPatch(before, operations, USER_KIND);
        return { person: resource as Person, changed };
      },
    };
  } catch (error) {
    if (!(error instanceof ScimInputError)) throw error;
    return { ...place, problem: error.message };
  }
}

/** The person as the row alone has it. Throws a ScimInputError. */
function personOf(row: Exclude<ImportRow, { problem: string }>): Person {
  if ('resource' in row) return parseResource(row.resource, USER_KIND) as Person;
  return applyPatch({}, row.operations, USER_KIND).resource as Person;
}

interface Taken {
  readonly candidate: Candidate;
  readonly verdict: Verdict;
  /** For a reject. */
  readonly reason?: string;
}

async function take(
  candidate: Candidate,
  provisioning: TenantProvisioning,
  services: Services,
  apply: boolean,
): Promise<Taken> {
  const { userName, person: make, problem } = candidate;
  if (userName === undefined || make === undefined) {
    return { candidate, verdict: 'rejected', reason: problem ?? 'The line says nothing.' };
  }
  try {
    for (let race = 0; race < MAX_RACES; race += 1) {
      const before = await findByName(services, provisioning.name, userName);
      // A person who was deleted comes back as the file has it, not as the person was.
      const isThere = before !== undefined && before.deletedAt === undefined;
      const { person, changed } = make(isThere ? before.person : undefined);
      const verdict = !isThere ? 'new' : changed || isProvisional(before) ? 'changed' : 'unchanged';
      if (verdict === 'unchanged' || !apply) return { candidate, verdict };
      const accepted = await acceptInline(provisioning, services, {
        person,
        source: 'import',
        // Who joined a moment ago doesn't go behind the back-fill.
        priority: before?.state === 'due' ? before.priority : PRIORITY.backfill,
        ...compact({ before }),
      });
      if (accepted.outcome === 'stored') return { candidate, verdict };
    }
    return { candidate, verdict: 'rejected', reason: 'Somebody else changes the person all the time.' };
  } catch (error) {
    if (!(error instanceof ScimInputError)) throw error;
    return { candidate, verdict: 'rejected', reason: error.message };
  }
}

async function findByName(
  { directory }: Services,
  tenant: string,
  userName: string,
): Promise<PersonRecord | undefined> {
  const [record] = await directory.findPerson(tenant, { attribute: 'userName', value: userName });
  return record;
}

function summarise(
  counts: Counts,
  applied: boolean,
  rejectFile: string,
  callsPerMinute: number,
  output: Output,
): void {
  output.data({ applied, ...counts, ...compact({ rejects: counts.rejected > 0 ? rejectFile : undefined }) });
  const rows = VERDICTS.map((verdict) => [verdict, String(counts[verdict])]);
  for (const line of table(['what', 'lines'], rows)) output.line(line);
  output.line();
  if (counts.rejected > 0) output.line(`What was rejected, and why: ${rejectFile}`);
  if (!applied) output.line('Nothing was stored: this was a dry run. --apply stores.');
  else if (counts.new + counts.changed === 0) output.line('Nothing was to be stored.');
  else {
    // As `plan` counts them: one call for a new agent, two for a change.
    const minutes = Math.ceil((counts.new + 2 * counts.changed) / callsPerMinute);
    output.line(
      `Stored. Their agents follow within about ${counted(minutes, 'minute')}, behind whoever joins meanwhile.`,
    );
  }
}
