import type { PersonRecord } from '../../../functions/directory/record.ts';
import { type AuditEntry, actionText, lastAction } from '../../../functions/operate/audit.ts';
import { type Retried, retryPeople } from '../../../functions/operate/people/retry.ts';
import { type PeopleSelection, selectPeople } from '../../../functions/operate/people/select.ts';
import { whenDone } from '../../../functions/operate/tenant/pause.ts';
import { listedStateOf } from '../../../functions/provision/listed.ts';
import type { Services } from '../../../functions/provision/services.ts';
import { compact } from '../../../functions/runtime/compact.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../../failure.ts';
import { type ActorOptions, actorOf } from '../../operator/actor.ts';
import { confirmCount } from '../../operator/confirmation.ts';
import { counted, type Output } from '../../output.ts';
import { filterOf } from './people.ts';
import { unknownText } from './unknown-text.ts';

export interface RetryOptions extends ActorOptions {
  /** For those who failed, for this code. */
  readonly reason?: string;
  readonly allFailed?: true;
  readonly yes?: string;
}

const SHOWN = 20;

/** `retry [NAME…]`: makes people due again. Ends with 1 where a name is nobody's. */
export async function retry(
  context: CommandContext,
  names: readonly string[],
  options: RetryOptions,
  output: Output,
): Promise<number | undefined> {
  const tenant = chooseTenant(context, readConfiguration(context));
  const selection = selectionOf(names, options);
  return withTenant(context, tenant, async ({ services, provisioning, paused }) => {
    const { records, unknown } = await selectPeople(services, provisioning, selection);
    preview(records, output);
    await confirmCount(records.length, 'tried again', options.yes);
    const actor = await actorOf(context, options);
    const retried = records.length === 0 ? [] : await retryPeople(services, tenant.name, records, actor);
    output.data({ retried, unknown, ...compact({ paused }) });
    for (const { id, userName, outcome } of retried) {
      if (outcome === 'due') continue;
      output.line(`${userName}: ${TEXTS[outcome]}`);
      const before = outcome === 'held' ? undefined : await retriedBefore(services, tenant.name, id);
      if (before !== undefined) output.line(`  ${actionText(before)}`);
    }
    for (const each of unknown) output.line(unknownText(each));
    const done = retried.filter(({ outcome }) => outcome === 'due').length;
    output.line(
      done === 0
        ? 'Nobody is tried again.'
        : `${counted(done, 'person')} will be tried again ${whenDone(paused, 'within a minute')}`,
    );
    return unknown.length > 0 ? EXIT_FINDINGS : undefined;
  });
}

const TEXTS: Readonly<Record<Exclude<Retried['outcome'], 'due'>, string>> = {
  already: 'is due already, and not put off.',
  held: 'is held by the brake: decide with brake release or brake discard.',
  changed: 'was changed by another operator or source meanwhile: look with explain.',
};

/** Who had this person tried again last: another operator, as a rule. */
function retriedBefore(services: Services, tenant: string, id: string): Promise<AuditEntry | undefined> {
  return lastAction(
    services,
    tenant,
    ({ action, persons }) => action === 'retry' && Array.isArray(persons) && persons.includes(id),
  );
}

function preview(records: readonly PersonRecord[], output: Output): void {
  for (const record of records.slice(0, SHOWN)) {
    const { lastError } = record.attempts;
    const standing = `${record.person.userName}: ${listedStateOf(record)}`;
    output.line(`  ${standing}${lastError === undefined ? '' : `, ${lastError.message}`}`);
  }
  if (records.length > SHOWN) output.line(`  … and ${records.length - SHOWN} more`);
}

function selectionOf(names: readonly string[], { reason, allFailed }: RetryOptions): PeopleSelection {
  const ways = [names.length > 0, reason !== undefined, allFailed === true].filter(Boolean).length;
  if (ways !== 1) {
    throw new CommandFailure('whom? names, --reason <code>, or --all-failed: one of them');
  }
  if (names.length > 0) return { names };
  return { filter: filterOf({ state: 'failed', ...compact({ reason }) }, []) };
}
