import { recordAction } from '../../functions/operate/audit.ts';
import { assertCallsGoOn } from '../../functions/operate/tenant/pause.ts';
import { writeProbe } from '../../functions/provision/agent/probe-record.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { compact } from '../../functions/runtime/compact.ts';
import { httpTransport } from '../../functions/runtime/transport.ts';
import { describeFailure } from '../../functions/smartassist/outcome.ts';
import { listenTo } from '../answers.ts';
import {
  type CommandContext,
  chooseTenant,
  type Opened,
  readConfiguration,
  withTenant,
} from '../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../failure.ts';
import { besideFiles, writeOut } from '../file-output.ts';
import { type ActorOptions, actorOf } from '../operator/actor.ts';
import { ask } from '../operator/confirmation.ts';
import { counted, type Output } from '../output.ts';
import { type Findings, tryOut } from '../probe/experiments.ts';
import { deleteAgents, NUMBERS, probeAgents } from '../probe/probe-agents.ts';

export interface ProbeOptions extends ActorOptions {
  /** Where invitation mails go. */
  readonly mailbox?: string;
  /** Nobody is asked. */
  readonly yes?: boolean;
  /** Where the report goes. */
  readonly report?: string;
}

export const REPORT = 'smartassist-behaviour.json';
const PATIENCE_MS = 5 * 60_000;
const CALLS = 40;
const MAILBOX = /^[^\s@+]+@[^\s@.]+(?:\.[^\s@.]+)+$/;

/**
 * `doctor --probe`: makes up to three agents in the real account, tries what the documentation doesn't say, and deletes
 * them, whatever happens. What it finds is printed, and saved as a behaviour of the simulator.
 *
 * @returns the exit code: 1 when agents are left, or no agent could be made
 */
export async function probe(context: CommandContext, options: ProbeOptions, answer: Output): Promise<number> {
  const { mailbox, report = REPORT } = options;
  const output = besideFiles(answer, report);
  if (mailbox === undefined || !MAILBOX.test(mailbox)) {
    throw new CommandFailure(
      '--probe needs --mailbox <address>: where mails to the agents that it makes may go, such as --mailbox it@example.com',
    );
  }
  const tenant = chooseTenant(context, readConfiguration(context));
  return withTenant(context, tenant, async (opened) => {
    const { provisioning: own, services, directory } = opened;
    await assertCallsGoOn(services, own.name, 'no agent was made; probe after resume');
    await refuseWhileDraining(opened);
    const heard = listenTo(services.transport ?? httpTransport);
    const provisioning = openTenant(own.name, own.tenant, { ...services, transport: heard.transport });
    const terms = () => ({ urgency: 'begun', deadline: Date.now() + PATIENCE_MS }) as const;
    const names = await provisioning.catalogue.get(terms());
    if (names.outcome !== 'ok') throw new CommandFailure(`names can't be read: ${describeFailure(names)}`);
    const leftovers = await probeAgents(provisioning, terms);
    if (!(await isAgreed(own.tenant.smartassist.host, mailbox, leftovers.length, options))) {
      output.note('Nothing was done.');
      return EXIT_FINDINGS;
    }
    await recordAction(services, own.name, await actorOf(context, options), 'doctor probe');
    const findings: Findings = { facts: [], behaviour: {} };
    const [role] = [...Object.values(own.tenant.roles ?? {}), ...names.value.roles.map(({ id }) => id)];
    // A record stays behind where the process is killed; where it is asked to end, it deletes first.
    let isInterrupted = false;
    const interrupt = () => {
      isInterrupted = true;
    };
    process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
    let left: string[] = [];
    try {
      const undeleted = await deleteAgents(provisioning.client, leftovers, terms);
      if (undeleted.length > 0) throw new CommandFailure(leftText(undeleted));
      const stopping = () => {
        if (isInterrupted) throw new CommandFailure('interrupted; the agents that were made are deleted');
        return terms();
      };
      await tryOut(
        { provisioning, heard, mailbox, catalogue: names.value, roleId: role, terms: stopping },
        findings,
      );
    } finally {
      left = await deleteAgents(provisioning.client, await probeAgents(provisioning, terms), terms);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      if (left.length > 0) output.note(leftText(left));
    }
    const { facts, behaviour } = findings;
    const { emailChange } = behaviour;
    await writeProbe(directory, own.account, {
      at: new Date().toISOString(),
      ...compact({ emailChange }),
    });
    writeOut(report, `${JSON.stringify(behaviour, null, 2)}\n`);
    output.data({ tenant: tenant.name, facts, behaviour, report, left });
    for (const { what, found } of facts) output.line(`${what}: ${found}`);
    output.line();
    output.line(`${report} has it as a behaviour of the simulator.`);
    return left.length > 0 || emailChange === undefined ? EXIT_FINDINGS : 0;
  });
}

/** Both would share the calls, and a drain would meet agents of nobody. */
async function refuseWhileDraining({ directory, provisioning }: Opened): Promise<void> {
  const [next] = await directory.duePersons(provisioning.name, Date.now(), 1);
  if (next !== undefined) {
    throw new CommandFailure(
      'a drain is at work, or about to be: records are due. Probe when plan says that nothing is to be done',
    );
  }
}

/** Says what will be done and what may stay, and asks. */
async function isAgreed(
  host: string,
  mailbox: string,
  leftovers: number,
  { yes = false }: ProbeOptions,
): Promise<boolean> {
  const lines = [
    `${NUMBERS.length} agents at the most are made at ${host} and deleted again, with about ${CALLS} calls.`,
    `Their addresses are sub-addresses of ${mailbox}. SmartAssist may send them invitation mails, and their account users may`,
    'remain when the agents are deleted: remove them in the Admin Console then.',
    ...(leftovers === 0
      ? []
      : [`${counted(leftovers, 'agent')} of an earlier probe that died will be deleted first.`]),
  ];
  process.stderr.write(`${lines.join('\n')}\n`);
  if (yes) return true;
  return (await ask('Begin? Write yes: ')).trim().toLowerCase() === 'yes';
}

function leftText(ids: readonly string[]): string {
  return `could not be deleted, and are deleted by the next --probe, or by hand: ${ids.join(', ')}`;
}
