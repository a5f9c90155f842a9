import { resolve } from 'node:path';
import { type PersonRecord, PRIORITY } from '../../functions/directory/record.ts';
import { idsOf, linksOf } from '../../functions/events/links.ts';
import { joinGroup } from '../../functions/events/memberships.ts';
import { type Actor, recordAction } from '../../functions/operate/audit.ts';
import { NO_UTF8 } from '../../functions/providers/file/lines.ts';
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
import { type DryRun, openDryRun } from '../../functions/sources/dry-run/overlay.ts';
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
import { findCatalogue, type NameSource } from '../names.ts';
import { type ActorOptions, actorOf } from '../operator/actor.ts';
import { counted, type Output, table } from '../output.ts';
import { startProgress } from '../progress.ts';
import { type FailureGroup, failureLines, PlanGroups } from './configuration/plan-groups.ts';
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

const IMPORT = 'import';
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
  const rows = openRows(file, options.columns, options.source !== undefined);
  const rejectFile = options.rejects ?? `${file === '-' ? 'import' : file}.rejects.jsonl`;
  if (resolve(rejectFile) === resolve(file))
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
  { directory, provisioning, services }: Pick<Opened, 'directory' | 'provisioning' | 'services'>,
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
        const taken = await Promise.all(open.map((each) => take(each, provisioning, services, terms)));
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
    summarise(counts, { run, rejectFile, callsPerMinute }, output);
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

/** A row that was read by itself: who it is about, or why it can't be taken. */
interface Candidate {
  readonly line: number;
  readonly lastLine?: number;
  readonly userName?: string;
  /** What it makes of the person that there is, or of nobody. */
  readonly person?: (before: Person | undefined) => { person: Person; changed: boolean };
  readonly groups?: readonly string[];
  readonly sourceId?: string;
  readonly problem?: string;
}

function candidateOf(row: ImportRow, names: TakenNames, ids: TakenNames | undefined): Candidate {
  const { line, lastLine } = row;
  const place = { line, ...compact({ lastLine }) };
  if ('problem' in row) return { ...place, problem: row.problem };
  try {
    const given = personOf(row);
    const { userName } = given;
    const other = names.take(userName, line);
    if (other !== undefined)
      return { ...place, userName, problem: `The userName is in line ${other} already.` };
    const same = row.sourceId === undefined ? undefined : ids?.take(exactly(row.sourceId), line);
    if (same !== undefined) return { ...place, userName, problem: `The id is in line ${same} already.` };
    const operations = 'resource' in row ? [{ op: 'replace', value: given }] : row.operations;
    return {
      ...place,
      userName,
      ...compact({ groups: row.groups, sourceId: row.sourceId }),
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

/** Of ids, unlike names, the case counts. */
function exactly(id: string): string {
  return Buffer.from(id).toString('hex');
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
  { source, groups: ofAll = [] }: Terms,
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
      const links = await linksWith(services, provisioning.name, before, source, candidate.sourceId);
      if (typeof links === 'string') return { candidate, verdict: 'rejected', reason: links };
      const isSame = isThere && !changed && !isProvisional(before) && links === undefined;
      const verdict = !isThere ? 'new' : isSame ? 'unchanged' : 'changed';
      const groups = [...new Set([...ofAll, ...(candidate.groups ?? [])])];
      if (isSame) {
        const joined = await joinAll(services, provisioning.name, before, groups);
        return { candidate, verdict: joined ? 'changed' : 'unchanged' };
      }
      const accepted = await acceptInline(provisioning, services, {
        person,
        source: IMPORT,
        // Who joined a moment ago doesn't go behind the back-fill.
        priority: before?.state === 'due' ? before.priority : PRIORITY.backfill,
        ...compact({ before, links }),
      });
      if (accepted.outcome !== 'stored') continue;
      await joinAll(services, provisioning.name, accepted.record, groups);
      return { candidate, verdict };
    }
    return { candidate, verdict: 'rejected', reason: 'Somebody else changes the person all the time.' };
  } catch (error) {
    if (!(error instanceof ScimInputError)) throw error;
    return { candidate, verdict: 'rejected', reason: error.message };
  }
}

/** Puts a person into groups by name; one that there is not is made. Groups that the file doesn't name stay. */
async function joinAll(
  services: Services,
  tenant: string,
  record: PersonRecord,
  groups: readonly string[],
): Promise<boolean> {
  const event = { source: IMPORT, occurredAt: new Date(services.clock.now()).toISOString() };
  let isChanged = false;
  for (const display of groups) {
    const { outcome } = await joinGroup(services, tenant, event, { id: display, display }, record);
    if (outcome === 'stored') isChanged = true;
  }
  return isChanged;
}

/** The links with the source's id; undefined where it is known, and why where it can't be. */
async function linksWith(
  { directory }: Services,
  tenant: string,
  before: PersonRecord | undefined,
  source: string | undefined,
  id: string | undefined,
): Promise<PersonRecord['links'] | string> {
  if (source === undefined || id === undefined) return undefined;
  const links = before === undefined ? {} : linksOf(before);
  const link = links[source] ?? {};
  if (idsOf(link).includes(id)) return undefined;
  if (link.id !== undefined) return `${source} has the id ${link.id} for the person, and not ${id}.`;
  const [holder] = await directory.findPerson(tenant, { attribute: 'link', value: `${source}/${id}` });
  if (holder !== undefined && holder.id !== before?.id) {
    return `${source} has the id ${id} for ${holder.person.userName}.`;
  }
  return { ...links, [source]: { ...link, id } };
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
  {
    run,
    rejectFile,
    callsPerMinute,
  }: { readonly run: DryRun | undefined; readonly rejectFile: string; readonly callsPerMinute: number },
  output: Output,
): void {
  const isDry = run !== undefined;
  const groups = new PlanGroups();
  for (const each of run?.foreseen ?? []) groups.add(each);
  const { failures: failed } = groups.end();
  output.data({
    applied: !isDry,
    ...counts,
    ...compact({
      rejects: counts.rejected > 0 ? rejectFile : undefined,
      effects: run?.effects,
      failed: failed.length === 0 ? undefined : failed,
    }),
  });
  const rows = VERDICTS.map((verdict) => [verdict, String(counts[verdict])]);
  for (const line of table(['what', 'lines'], rows)) output.line(line);
  output.line();
  if (counts.rejected > 0) output.line(`What was rejected, and why: ${rejectFile}`);
  if (run !== undefined) {
    showEffects(run, failed, output);
    output.line('Nothing was stored: this was a dry run. --apply stores.');
  } else if (counts.new + counts.changed === 0) output.line('Nothing was to be stored.');
  else {
    // As `plan` counts them: one call for a new agent, two for a change.
    const minutes = Math.ceil((counts.new + 2 * counts.changed) / callsPerMinute);
    output.line(
      `Stored. Their agents follow within about ${counted(minutes, 'minute')}, behind whoever joins meanwhile.`,
    );
  }
}

/** What the mapping makes of those who would be new or changed. */
function showEffects({ effects }: DryRun, failed: readonly FailureGroup[], output: Output): void {
  if (effects === undefined) {
    output.line('What agents they would become is not known yet: --live asks SmartAssist for its names.');
    return;
  }
  const { create, resume, change, fail, wait, suspend, remove } = effects;
  output.line(
    `Agents: ${create} new, ${change} changed, ${resume} back, ${suspend + remove} out of service.`,
  );
  if (wait > 0) output.line(`${counted(wait, 'person')} would be none: provisionWhen does not hold.`);
  if (fail > 0) output.line(output.paint('red', `${counted(fail, 'person')} would fail:`));
  for (const line of failureLines(failed)) output.line(line);
}
