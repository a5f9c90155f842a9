import {
  LISTED_STATES,
  type ListedState,
  type ReasonCode,
} from '../../../functions/directory/people/listed.ts';
import { csvLine } from '../../../functions/operate/csv.ts';
import { everyPerson, type PeopleFilter } from '../../../functions/operate/people/list.ts';
import { REASON_CODES } from '../../../functions/operate/people/reasons.ts';
import { type PersonRow, rowOf } from '../../../functions/operate/people/row.ts';
import { isIndexed } from '../../../functions/reconcile/people-index.ts';
import { compact } from '../../../functions/runtime/compact.ts';
import { nearest } from '../../../functions/scim-core/nearest.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../../command-context.ts';
import { CommandFailure } from '../../failure.ts';
import { besideFiles, openLines, STANDARD } from '../../file-output.ts';
import { counted, type Output, table } from '../../output.ts';

export interface PeopleOptions {
  readonly state?: string;
  readonly reason?: string;
  readonly source?: string;
  readonly group?: string;
  readonly search?: string;
  readonly csv?: string;
  readonly limit?: string;
}

const SHOWN = 50;
const COLUMNS = [
  'userName',
  'email',
  'externalId',
  'state',
  'reason',
  'why',
  'since',
  'agentId',
  'source',
  'id',
] as const satisfies readonly (keyof PersonRow)[];

/** `people`: lists people with where each stands, why and since when. */
export async function people(context: CommandContext, options: PeopleOptions, answer: Output): Promise<void> {
  const output = besideFiles(answer, options.csv);
  if (answer.json && options.csv === STANDARD) {
    throw new CommandFailure('--json and --csv - both go to standard output; one of them is right');
  }
  const tenant = chooseTenant(context, readConfiguration(context));
  const filter = filterOf(options, Object.keys(tenant.configuration.sources));
  const limit = limitOf(options.limit, options.csv === undefined && !output.json ? SHOWN : undefined);
  return withTenant(context, tenant, async ({ services, provisioning }) => {
    const rows: PersonRow[] = [];
    let more = false;
    for await (const record of everyPerson(services, provisioning, filter)) {
      if (rows.length === limit) {
        more = true;
        break;
      }
      rows.push(rowOf(record));
    }
    if (options.csv !== undefined) await writeCsv(options.csv, rows);
    output.data({ people: rows, more });
    if (options.csv === undefined) show(rows, more, output);
    else if (options.csv !== STANDARD) {
      output.line(`${counted(rows.length, 'person')} written to ${options.csv}.`);
    }
    await warnUnlisted(services, tenant.name, filter, output);
  });
}

function show(rows: readonly PersonRow[], more: boolean, output: Output): void {
  if (rows.length === 0) {
    output.line('Nobody.');
    return;
  }
  const headings = ['userName', 'state', 'reason', 'since', 'agent', 'why'];
  const cells = rows.map(({ userName, state, reason, since, agentId, why }) => [
    userName,
    state,
    reason,
    since,
    agentId ?? '—',
    why,
  ]);
  for (const line of table(headings, cells)) output.line(line);
  output.line();
  output.line(
    more
      ? `The first ${rows.length}; --limit <number> or --csv <file> for more.`
      : counted(rows.length, 'person'),
  );
}

/** What version 0.1.0 wrote is in no list by state or name before the schedule has listed it. */
async function warnUnlisted(
  services: Parameters<typeof isIndexed>[0],
  tenant: string,
  { state, search }: PeopleFilter,
  output: Output,
): Promise<void> {
  const needsList = search !== undefined || !['due', 'held', 'provisioned', undefined].includes(state);
  if (!needsList || (await isIndexed(services, tenant))) return;
  output.note(
    'Not all people of version 0.1.0 are listed yet: the schedule does it, page by page, within minutes of the upgrade.',
  );
}

/** @throws CommandFailure for a state, reason or source that there isn't; says what there is */
export function filterOf(
  { state, reason, source, group, search }: PeopleOptions,
  sources: readonly string[],
): PeopleFilter {
  return compact({
    state: oneOf<ListedState>('state', state, LISTED_STATES),
    reason: oneOf<ReasonCode>('reason', reason, REASON_CODES),
    source: oneOf('source', source, ['scim', ...sources]),
    group,
    search,
  });
}

function oneOf<Each extends string>(
  option: string,
  value: string | undefined,
  known: readonly Each[],
): Each | undefined {
  if (value === undefined) return undefined;
  const found = known.find((each) => each === value);
  if (found !== undefined) return found;
  const near = nearest(value, known);
  const hint = near.length === 0 ? `there are ${known.join(', ')}` : `did you mean ${near.join(' or ')}?`;
  throw new CommandFailure(`--${option} ${value}: there is no such ${option}; ${hint}`);
}

function limitOf(text: string | undefined, otherwise: number | undefined): number | undefined {
  if (text === undefined) return otherwise;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit > 0) return limit;
  throw new CommandFailure(`--limit ${text}: a whole number from 1 on is right`);
}

async function writeCsv(file: string, rows: readonly PersonRow[]): Promise<void> {
  const lines = openLines(file);
  lines.write(csvLine(COLUMNS));
  for (const row of rows) lines.write(csvLine(COLUMNS.map((column) => row[column] ?? '')));
  await lines.end();
}
