import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import type { Directory } from '../../functions/directory/directory.ts';
import { type PersonRecord, PRIORITY } from '../../functions/directory/record.ts';
import { ScimInputError } from '../../functions/person/error.ts';
import { parseResource } from '../../functions/person/parse.ts';
import { applyPatch } from '../../functions/person/patch.ts';
import type { Person } from '../../functions/person/person.ts';
import { USER_KIND } from '../../functions/person/schema.ts';
import { accept } from '../../functions/provision/accept.ts';
import { CommandFailure, EXIT_FINDINGS } from '../failure.ts';
import { type Output, table } from '../output.ts';
import { startProgress } from '../progress.ts';
import { type ImportRow, openRows } from '../rows.ts';
import {
  chooseTenant,
  openProvisioning,
  openSettingDirectory,
  readConfiguration,
  type Setting,
} from '../setting.ts';

export interface ImportOptions {
  /** Writes; without it the file is only read and judged. */
  readonly apply: boolean;
  /** `Column=path,…`: what the columns of a CSV file are; without it the header names SCIM paths. */
  readonly columns?: string;
  /** Where lines go that can't be taken; without it beside the file. */
  readonly rejects?: string;
}

type Verdict = 'new' | 'changed' | 'unchanged' | 'rejected';

/** After so many lines the place is noted, so that an import that broke off goes on there. */
const NOTE_EVERY = 200;
const DOCUMENT = (file: string) => `import ${file}`;

/**
 * `import FILE`: takes the persons of a CSV or JSONL file in as back-fill: joiners go ahead of them. A dry run unless
 * `--apply` is given. Each line is a person by itself: what can't be taken is written to the reject file with the reason,
 * and the rest goes on. Begun again after it broke off, it goes on where it was.
 *
 * @returns the exit code: 1 when lines were rejected
 */
export async function importPersons(
  setting: Setting,
  file: string,
  options: ImportOptions,
  output: Output,
): Promise<number> {
  const tenant = chooseTenant(setting, readConfiguration(setting));
  const rows = await openRows(file, options.columns);
  const { directory, close } = await openSettingDirectory(setting);
  const rejectFile = options.rejects ?? `${file === '-' ? 'import' : file}.rejects.jsonl`;
  const rejects = openRejects(rejectFile);
  const counts: Record<Verdict, number> = { new: 0, changed: 0, unchanged: 0, rejected: 0 };
  const progress = startProgress(options.apply ? 'Importing' : 'Reading', undefined);
  try {
    const { provisioning, world } = await openProvisioning(setting, tenant, directory);
    const take = async (row: ImportRow): Promise<Verdict> => {
      if ('problem' in row) return reject(row.line, row.problem);
      try {
        const { before, person, verdict } = await judge(directory, tenant.name, row);
        if (verdict === 'unchanged' || !options.apply) return verdict;
        const accepted = await accept(provisioning, world, {
          person,
          source: 'import',
          priority: PRIORITY.backfill,
          ...(before === undefined ? {} : { before }),
        });
        return accepted.outcome === 'stored' ? verdict : reject(row.line, accepted.outcome);
      } catch (error) {
        if (!(error instanceof ScimInputError)) throw error;
        return reject(row.line, error.message);
      }
    };
    const reject = async (line: number, reason: string): Promise<Verdict> => {
      await rejects.write({ line, reason });
      return 'rejected';
    };

    const done = options.apply ? await placeOf(directory, tenant.name, rows.identity) : 0;
    if (done > 0) output.note(`Going on behind line ${done}, where the last import of this file broke off.`);
    for await (const row of rows.read()) {
      if (row.line <= done) continue;
      counts[await take(row)] += 1;
      progress.advance();
      if (options.apply && row.line % NOTE_EVERY === 0)
        await notePlace(directory, tenant.name, rows.identity, row.line);
    }
    progress.end();
    if (options.apply) await directory.eraseDocument(tenant.name, DOCUMENT(rows.identity));
  } finally {
    progress.end();
    await rejects.close();
    close();
  }
  output.data({ applied: options.apply, ...counts, ...(counts.rejected > 0 ? { rejects: rejectFile } : {}) });
  output.line(
    table(
      ['lines', 'number'],
      Object.entries(counts).map(([verdict, number]) => [verdict, String(number)]),
    ),
  );
  output.line();
  if (counts.rejected > 0) output.line(`What was rejected, and why: ${rejectFile}`);
  output.line(
    options.apply
      ? 'Stored. The drain makes agents of them, behind whoever joins meanwhile.'
      : 'Nothing was written: this was a dry run. --apply writes.',
  );
  return counts.rejected > 0 ? EXIT_FINDINGS : 0;
}

/** The person that a row makes, over the one that has its userName already. */
async function judge(
  directory: Directory,
  tenant: string,
  row: Exclude<ImportRow, { problem: string }>,
): Promise<{ before: PersonRecord | undefined; person: Person; verdict: 'new' | 'changed' | 'unchanged' }> {
  const given =
    'resource' in row
      ? parseResource(row.resource, USER_KIND)
      : applyPatch({}, row.operations, USER_KIND).resource;
  const userName = given.userName;
  if (typeof userName !== 'string' || userName.trim() === '') {
    throw new ScimInputError('invalidValue', 'userName is required and must not be blank.');
  }
  const [before] = await directory.findPerson(tenant, { attribute: 'userName', value: userName });
  if (before === undefined) return { before, person: given as Person, verdict: 'new' };
  const operations = 'resource' in row ? [{ op: 'replace', value: given }] : row.operations;
  const { resource, changed } = applyPatch(before.person, operations, USER_KIND);
  const isBack = before.deletedAt !== undefined;
  return { before, person: resource as Person, verdict: changed || isBack ? 'changed' : 'unchanged' };
}

async function placeOf(directory: Directory, tenant: string, identity: string): Promise<number> {
  const line = (await directory.readDocument(tenant, DOCUMENT(identity)))?.body.line;
  return typeof line === 'number' ? line : 0;
}

async function notePlace(
  directory: Directory,
  tenant: string,
  identity: string,
  line: number,
): Promise<void> {
  await directory.writeDocument(tenant, DOCUMENT(identity), { line });
}

/** Written only when there is something to write. */
function openRejects(file: string) {
  let stream: ReturnType<typeof createWriteStream> | undefined;
  return {
    write: async (entry: { line: number; reason: string }): Promise<void> => {
      if (stream === undefined) {
        stream = createWriteStream(file);
        await once(stream, 'open').catch((error: Error) => {
          throw new CommandFailure(`the reject file ${file} can not be written: ${error.message}`);
        });
      }
      if (!stream.write(`${JSON.stringify(entry)}\n`)) await once(stream, 'drain');
    },
    close: async (): Promise<void> => {
      if (stream === undefined) return;
      stream.end();
      await once(stream, 'close');
    },
  };
}
