import type { PersonRecord } from '../../../functions/directory/record.ts';
import { selectPeople, selectPerson } from '../../../functions/operate/people/select.ts';
import { adoptAgent } from '../../../functions/operate/reconciliation/adopt.ts';
import {
  type Findings,
  ignoreFindings,
  noticeFindings,
} from '../../../functions/operate/reconciliation/ignore.ts';
import {
  type Repaired,
  repairOutcome,
  repairPeople,
} from '../../../functions/operate/reconciliation/repair.ts';
import type { ReconciliationView } from '../../../functions/operate/reconciliation/view.ts';
import { whenDone } from '../../../functions/operate/tenant/pause.ts';
import { compact } from '../../../functions/runtime/compact.ts';
import type { CommandContext, Opened } from '../../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../../failure.ts';
import { type ActorOptions, actorOf } from '../../operator/actor.ts';
import { confirmCount } from '../../operator/confirmation.ts';
import { counted, type Output } from '../../output.ts';
import { unknownText } from '../people/unknown-text.ts';

export interface DecideOptions extends ActorOptions {
  readonly all?: true;
  /** The person whose agent it becomes. */
  readonly as?: string;
  readonly undo?: true;
  readonly yes?: string;
}

/** Agents have ids that begin so. */
const AGENT_ID = /^a-[0-9a-f-]{8,}$/i;

/** The people who are named, or those whose changed agents are open. */
async function chosenPeople(
  { services, provisioning, directory }: Opened,
  found: ReconciliationView,
  names: readonly string[],
  all: true | undefined,
): Promise<{
  records: readonly PersonRecord[];
  unknown: readonly { name: string; near: readonly string[] }[];
}> {
  if (all !== true) return selectPeople(services, provisioning, { names });
  const ids = found.drift.filter(({ now }) => now === 'open').map(({ id }) => id);
  return { records: await directory.readPersons(provisioning.name, ids), unknown: [] };
}

function assertChosen(names: readonly string[], all: true | undefined): void {
  if (names.length === 0 && all !== true) {
    throw new CommandFailure('which? Name people or agents as reconcile shows them, or --all');
  }
  if (names.length > 0 && all === true) throw new CommandFailure('names or --all, not both');
}

/** `reconcile repair`: has changed agents written as they should be. */
export async function repair(
  context: CommandContext,
  opened: Opened,
  found: ReconciliationView,
  names: readonly string[],
  options: DecideOptions,
  output: Output,
): Promise<number | undefined> {
  assertChosen(names, options.all);
  const { records, unknown } = await chosenPeople(opened, found, names, options.all);
  const count = records.filter((record) => repairOutcome(record) === 'due').length;
  await confirmCount(count, 'read and written anew', options.yes);
  const { services, provisioning, paused } = opened;
  const actor = await actorOf(context, options);
  const repaired =
    records.length === 0 ? [] : await repairPeople(services, provisioning.name, records, actor);
  output.data({ repaired, unknown, ...compact({ paused }) });
  for (const { userName, outcome } of repaired) {
    const said =
      outcome === 'due'
        ? `is read, and written where it differs, ${whenDone(paused, 'within minutes')}`
        : REPAIRED[outcome];
    output.line(`${userName}: ${said}`);
  }
  for (const each of unknown) output.line(unknownText(each));
  if (repaired.length + unknown.length === 0) output.line('No changed agent is open.');
  const isWhole =
    unknown.length === 0 && repaired.every(({ outcome }) => outcome === 'due' || outcome === 'already');
  return isWhole ? undefined : EXIT_FINDINGS;
}

const REPAIRED: { readonly [Outcome in Exclude<Repaired['outcome'], 'due'>]: string } = {
  already: 'is due already.',
  held: 'the brake holds the person; see brake.',
  'no-agent': 'has no agent that could be written; see explain.',
  changed: 'was changed meanwhile; look again.',
};

/** `reconcile ignore`: leaves findings as they are; `--undo` has them told of again. */
export async function ignore(
  context: CommandContext,
  opened: Opened,
  found: ReconciliationView,
  names: readonly string[],
  options: DecideOptions,
  output: Output,
): Promise<number | undefined> {
  assertChosen(names, options.all);
  const { services, provisioning } = opened;
  const listed = new Set(found.foreign.map(({ agentId }) => agentId));
  const isAgent = (name: string) => listed.has(name) || AGENT_ID.test(name);
  const people = names.filter((name) => !isAgent(name));
  const { records, unknown } = await chosenPeople(opened, found, people, options.all);
  const findings: Findings = { persons: records.map(({ id }) => id), agents: names.filter(isAgent) };
  const count = findings.persons.length + findings.agents.length;
  const isUndone = options.undo === true;
  await confirmCount(count, isUndone ? 'told of again' : 'ignored', options.yes);
  const actor = await actorOf(context, options);
  for (const each of unknown) output.line(unknownText(each));
  if (isUndone) {
    const noticed = count === 0 ? 0 : await noticeFindings(services, provisioning.name, findings, actor);
    output.data({ noticed, unknown });
    output.line(`${counted(noticed, 'finding')} told of again, from the next reconciliation on.`);
    return unknown.length > 0 ? EXIT_FINDINGS : undefined;
  }
  const ignored = await ignoreFindings(services, provisioning.name, findings, actor);
  const known = new Map(records.map(({ id, person }) => [id, person.userName]));
  const absent = ignored.unknown.map((id) => known.get(id) ?? id);
  output.data({ ignored: ignored.count, notFound: absent, unknown });
  for (const name of absent) output.line(`${name}: the last reconciliation found nothing of it.`);
  output.line(
    ignored.count === 0
      ? 'Nothing is ignored by this.'
      : `${counted(ignored.count, 'finding')} ignored; reconcile ignore --undo takes it back.`,
  );
  return absent.length + unknown.length > 0 ? EXIT_FINDINGS : undefined;
}

/** `reconcile adopt`: gives a person an agent of nobody. */
export async function adopt(
  context: CommandContext,
  { services, provisioning, paused }: Opened,
  names: readonly string[],
  options: DecideOptions,
  output: Output,
): Promise<undefined> {
  const [agentId, ...others] = names;
  if (agentId === undefined || others.length > 0 || options.as === undefined) {
    throw new CommandFailure(
      'one agent becomes the agent of one person: reconcile adopt <agent id> --as <name>',
    );
  }
  const record = await selectPerson(services, provisioning, options.as);
  const adopted = await adoptAgent(provisioning, services, agentId, record, await actorOf(context, options));
  output.data(adopted);
  const was = adopted.emailId === undefined ? '' : ` (until now ${adopted.emailId})`;
  output.line(
    `${agentId}${was} is the agent of ${adopted.userName} now, and is written ${whenDone(paused, 'within minutes')}`,
  );
}
