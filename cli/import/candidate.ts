import { compact } from '../../functions/runtime/compact.ts';
import { ScimInputError } from '../../functions/scim-core/error.ts';
import { applyPatch } from '../../functions/scim-core/patch/patch.ts';
import type { Person } from '../../functions/scim-core/person.ts';
import { parseResource } from '../../functions/scim-core/resource/parse.ts';
import { USER_KIND } from '../../functions/scim-core/schema.ts';
import type { ImportRow } from './rows.ts';
import type { TakenNames } from './taken-names.ts';

/** A row that was read by itself: who it is about, or why it can't be taken. */
export interface Candidate {
  readonly line: number;
  readonly lastLine?: number;
  readonly userName?: string;
  /** What it makes of the person that there is, or of nobody. */
  readonly person?: (before: Person | undefined) => { person: Person; changed: boolean };
  readonly groups?: readonly string[];
  readonly sourceId?: string;
  readonly problem?: string;
}

/** What a row says of a person; ids and names that an earlier row has taken are problems. */
export function candidateOf(row: ImportRow, names: TakenNames, ids: TakenNames | undefined): Candidate {
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
