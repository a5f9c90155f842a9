import { readAudit } from '../../../functions/operate/audit.ts';
import { ocsfOf } from '../../../functions/operate/ocsf.ts';
import { systemClock } from '../../../functions/runtime/clock.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../../command-context.ts';
import { type Output, openOutput, valueText } from '../../output.ts';
import { sinceOf } from './since.ts';

export interface AuditOptions {
  readonly since?: string;
  readonly export?: true;
}

const DEFAULT_SINCE = '7d';

/** `audit`: what operators did and what became of agents, the newest first; with `--export` as JSON Lines in OCSF. */
export async function audit(context: CommandContext, options: AuditOptions, output: Output): Promise<void> {
  const tenant = chooseTenant(context, readConfiguration(context));
  const since = sinceOf(options.since ?? DEFAULT_SINCE, systemClock.now());
  return withTenant(context, tenant, async ({ services, directory }) => {
    const rows = openOutput(true);
    const isRows = options.export === true || output.json;
    let count = 0;
    for await (const line of readAudit(services, tenant.name, since)) {
      count += 1;
      if (options.export === true) rows.row(ocsfOf(tenant.name, line));
      else if (output.json) rows.row({ kind: line.kind, ...line.entry });
      else output.line(await textOf(line.entry, line.kind, directory, tenant.name));
    }
    if (count === 0 && !isRows) output.line(`Nothing since ${since}.`);
  });
}

/** Persons are kept by id; the name is looked up, as long as the person is there. */
async function textOf(
  entry: Readonly<Record<string, unknown>>,
  kind: 'action' | 'agent',
  directory: {
    readPersons(tenant: string, ids: readonly string[]): Promise<readonly { person: { userName: string } }[]>;
  },
  tenant: string,
): Promise<string> {
  const { at, action, what, by, reason, persons, person, count, changed, source } = entry;
  const ids = (Array.isArray(persons) ? persons : [person]).filter((id) => typeof id === 'string');
  const found = ids.length === 1 ? await directory.readPersons(tenant, ids) : [];
  const who =
    found[0]?.person.userName ??
    (ids.length === 1 ? String(ids[0]) : count === undefined ? '' : `${count} people`);
  if (kind === 'agent') {
    return `${at}  agent ${what}: ${who}, from ${source}${changed === undefined ? '' : `, ${valueText(changed)}`}`;
  }
  return `${at}  ${action}${who === '' ? '' : `: ${who}`}, by ${by}${reason === undefined ? '' : `: ${reason}`}`;
}
