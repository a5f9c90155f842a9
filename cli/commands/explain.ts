import type { HistoryEntry } from '../../functions/directory/history.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { initialFieldsOf } from '../../functions/mapping/ownership.ts';
import { planHash } from '../../functions/mapping/payload/payload.ts';
import { OperateError } from '../../functions/operate/errors.ts';
import { readLiveAgent } from '../../functions/operate/people/live-agent.ts';
import { scopeOf } from '../../functions/operate/people/scope.ts';
import { selectPerson } from '../../functions/operate/people/select.ts';
import { sourcesOfRecord } from '../../functions/operate/people/sources.ts';
import { holdReason } from '../../functions/provision/brake/brake.ts';
import { listedStateOf, sinceOf } from '../../functions/provision/listed.ts';
import type { Services } from '../../functions/provision/services.ts';
import type { TenantProvisioning } from '../../functions/provision/tenant.ts';
import { compact } from '../../functions/runtime/compact.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../command-context.ts';
import { CommandFailure } from '../failure.ts';
import { type NameSource, needCatalogue } from '../names.ts';
import { type Output, valueText } from '../output.ts';
import { authorityLines, liveLines, scopeLines } from './explain-text.ts';
import { type Explained, explained } from './explanation.ts';
import { sourceLines } from './record-sources.ts';
import { rejectionLine, rejectionsOf } from './rejections.ts';

const ENTRIES = 10;

/**
 * `explain NAME`: why this agent looks as it does now, and what happened to it lately. Requests that were refused are shown
 * of a person who isn't in the directory, too, and by the id that a refusal's words end with.
 */
export async function explain(
  context: CommandContext,
  name: string,
  names: NameSource,
  output: Output,
): Promise<void> {
  const tenant = chooseTenant(context, readConfiguration(context));
  return withTenant(context, tenant, async ({ directory, provisioning, services }) => {
    const { record, nobody } = await find(services, provisioning, name);
    const refused = await rejectionsOf(services, tenant, record?.person.userName ?? name, record);
    if (record === undefined) {
      if (refused.length === 0) throw new CommandFailure(nobody);
      output.data({ refused });
      output.line(`${nobody}; refused in 7 days:`);
      for (const entry of refused) output.line(`  ${rejectionLine(entry)}`);
      return;
    }
    const catalogue = await needCatalogue(await withoutCalls(names, provisioning), provisioning, directory);
    const { lines, ...explanation } = await explained(tenant, catalogue, record, directory);
    const scope = await scopeOf(services, tenant.configuration, record);
    const live =
      names.live === true
        ? await readLiveAgent(provisioning, services, record, explanation.payload, catalogue)
        : undefined;
    const { entries } = await directory.listHistory(tenant.name, record.id, { limit: ENTRIES });
    const sources = sourcesOfRecord(record);
    const data = { ...standing(record), ...explanation, scope, sources, history: entries, refused };
    output.data({ ...data, ...compact({ live }) });
    output.line(output.paint('bold', `${record.person.userName}: ${listedStateOf(record)}`));
    for (const line of stateLines(record, explanation, initialFieldsOf(tenant.configuration)))
      output.line(`  ${line}`);
    const { lastError } = record.attempts;
    if (lastError !== undefined) output.line(output.paint('red', `  ${lastError.message} (${lastError.at})`));
    output.line();
    for (const line of [...lines, ...scopeLines(scope)]) output.line(`  ${line}`);
    output.line();
    if (live !== undefined) {
      output.line(output.paint('bold', 'In SmartAssist now'));
      for (const line of liveLines(live)) output.line(`  ${line}`);
      output.line();
    }
    const said = sourceLines(sources);
    if (said.length > 0) {
      output.line(output.paint('bold', 'Sources'));
      for (const line of [...said, ...authorityLines(scope)]) output.line(`  ${line}`);
      output.line();
    }
    output.line(output.paint('bold', 'Lately'));
    for (const entry of entries) output.line(`  ${historyLine(entry)}`);
    if (entries.length === 0) output.line('  nothing yet');
    if (refused.length === 0) return;
    output.line();
    output.line(output.paint('bold', 'Refused in 7 days'));
    for (const entry of refused) output.line(`  ${rejectionLine(entry)}`);
  });
}

/** The one person whom a name means, or the words for nobody. */
async function find(
  services: Services,
  provisioning: TenantProvisioning,
  name: string,
): Promise<{ readonly record?: PersonRecord; readonly nobody: string }> {
  try {
    return { record: await selectPerson(services, provisioning, name), nobody: '' };
  } catch (error) {
    if (error instanceof OperateError && error.code === 'unknown-person') return { nobody: error.message };
    throw error;
  }
}

/** `--live` reads the agent, and names only where none are known yet. */
async function withoutCalls(names: NameSource, { catalogue }: TenantProvisioning): Promise<NameSource> {
  const isKnown = names.live === true && (await catalogue.known()) !== undefined;
  return isKnown ? { ...names, live: false } : names;
}

function standing(record: PersonRecord) {
  const { id, person, agent, attempts } = record;
  return {
    id,
    userName: person.userName,
    state: listedStateOf(record),
    since: sinceOf(record),
    presence: agent.presence,
    agentId: agent.agentId,
    customId: agent.customId,
    dueAt: record.dueAt,
    held: record.held,
    discarded: record.discarded,
    deletedAt: record.deletedAt,
    lastError: attempts.lastError,
  };
}

/** What the state alone doesn't say. */
function stateLines(
  record: PersonRecord,
  { wanted, payload }: Omit<Explained, 'lines'>,
  theirs: ReadonlySet<string>,
): string[] {
  const { agent, state, dueAt, held, discarded, deletedAt } = record;
  const isAnother =
    wanted &&
    agent.appliedHash !== undefined &&
    payload !== undefined &&
    planHash(payload, agent, theirs) !== agent.appliedHash;
  return [
    `agent ${agent.agentId ?? '(its id is not known yet)'}, ${customIdText(agent)}, in SmartAssist: ${agent.presence}`,
    ...(deletedAt === undefined ? [] : [`deleted by the source at ${deletedAt}`]),
    ...(state === 'due' && dueAt !== undefined ? [`to be worked on from ${dueAt}`] : []),
    ...(held === undefined ? [] : heldLines(record)),
    ...(discarded === undefined ? [] : ['stays as it is because an operator decided so: brake discard']),
    ...(isAnother
      ? ['SmartAssist has another agent than this configuration makes: see the command plan']
      : []),
  ];
}

/** What the brake holds waits for an operator, and for nothing else. */
function heldLines(record: PersonRecord): string[] {
  const { userName } = record.person;
  return [
    `held since ${sinceOf(record)}. ${holdReason(record)} See the command brake.`,
    `  brake release ${userName}   lets the person go on`,
    `  brake discard ${userName}   leaves the agent as it is`,
  ];
}

function customIdText({ customId, isKeyed, emailId }: PersonRecord['agent']): string {
  return isKeyed === false ? `without customId of ours, known by ${emailId}` : `customId ${customId}`;
}

function historyLine({ at, what, source, changed, message, problems, calls }: HistoryEntry): string {
  const parts = [
    changed === undefined ? '' : `changed ${valueText(changed)}`,
    message === undefined ? '' : String(message),
    problems === undefined ? '' : valueText(problems),
    calls === undefined ? '' : `by ${valueText(calls)}`,
  ].filter((part) => part !== '');
  return `${at}  ${String(what).padEnd(10)} from ${String(source)}${parts.length === 0 ? '' : `: ${parts.join('; ')}`}`;
}
