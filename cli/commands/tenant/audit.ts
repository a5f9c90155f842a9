import { readAudit } from '../../../functions/operate/audit.ts';
import { ocsfOf } from '../../../functions/operate/ocsf.ts';
import { systemClock } from '../../../functions/runtime/clock.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../../command-context.ts';
import { CommandFailure } from '../../failure.ts';
import { type Output, openOutput, valueText } from '../../output.ts';

export interface AuditOptions {
  readonly since?: string;
  readonly export?: true;
}

const UNITS_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
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

/** @throws CommandFailure for what is no time */
function sinceOf(text: string, now: number): string {
  const [, number, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const at = number === undefined ? Date.parse(text) : now - Number(number) * (UNITS_MS[unit] ?? 0);
  if (Number.isFinite(at)) return new Date(at).toISOString();
  throw new CommandFailure(
    `--since ${text}: a time such as 2026-11-26T08:00:00Z or a span such as 24h or 7d is right`,
  );
}
