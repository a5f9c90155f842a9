import type { HistoryEntry } from '../../functions/directory/history.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { CommandFailure } from '../failure.ts';
import { type NameSource, needCatalogue } from '../names.ts';
import { type Output, valueText } from '../output.ts';
import {
  chooseTenant,
  openProvisioning,
  openSettingDirectory,
  readConfiguration,
  type Setting,
} from '../setting.ts';
import { explained } from './explanation.ts';

const ENTRIES = 10;

/** `explain USERNAME`: why this agent looks as it does now, and what happened to it lately. */
export async function explain(
  setting: Setting,
  userName: string,
  names: NameSource,
  output: Output,
): Promise<void> {
  const tenant = chooseTenant(setting, readConfiguration(setting));
  const { directory, close } = await openSettingDirectory(setting);
  try {
    const [record] = await directory.findPerson(tenant.name, { attribute: 'userName', value: userName });
    if (record === undefined)
      throw new CommandFailure(`nobody in the directory has the userName ${userName}`);
    const { provisioning } = await openProvisioning(setting, tenant, directory);
    const catalogue = await needCatalogue(names, provisioning, directory);
    const explanation = await explained(tenant, catalogue, record, directory);
    const { entries } = await directory.listHistory(tenant.name, record.id, { limit: ENTRIES });
    output.data({ ...standing(record), ...explanation, history: entries });
    output.line(output.paint('bold', `${userName}: ${record.state}`));
    const { lastError } = record.attempts;
    if (lastError !== undefined) output.line(output.paint('red', `  ${lastError.message} (${lastError.at})`));
    output.line();
    for (const line of explanation.lines) output.line(`  ${line}`);
    output.line();
    output.line(output.paint('bold', 'Lately'));
    for (const entry of entries) output.line(`  ${historyLine(entry)}`);
  } finally {
    close();
  }
}

function standing({ id, person, state, agent, attempts, deletedAt }: PersonRecord) {
  return {
    id,
    userName: person.userName,
    state,
    agentId: agent.agentId,
    customId: agent.customId,
    ...(deletedAt === undefined ? {} : { deletedAt }),
    ...(attempts.lastError === undefined ? {} : { lastError: attempts.lastError }),
  };
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
