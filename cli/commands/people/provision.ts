import { provisionNow, type Step } from '../../../functions/operate/people/provision-now.ts';
import { retryPeople } from '../../../functions/operate/people/retry.ts';
import { selectPerson } from '../../../functions/operate/people/select.ts';
import { whenDone } from '../../../functions/operate/tenant/pause.ts';
import { compact } from '../../../functions/runtime/compact.ts';
import {
  type CommandContext,
  chooseTenant,
  readConfiguration,
  withTenantInForce,
} from '../../command-context.ts';
import { EXIT_FINDINGS } from '../../failure.ts';
import { type ActorOptions, actorOf } from '../../operator/actor.ts';
import { type Output, valueText } from '../../output.ts';

export interface ProvisionOptions extends ActorOptions {
  readonly now?: true;
}

/** `provision NAME [--now]`: makes one person due ahead of back-fill, or provisions at once and tells each step. */
export async function provision(
  context: CommandContext,
  name: string,
  { now, ...options }: ProvisionOptions,
  output: Output,
): Promise<number | undefined> {
  const tenant = chooseTenant(context, readConfiguration(context));
  return withTenantInForce(context, tenant, async ({ services, provisioning, paused }) => {
    const record = await selectPerson(services, provisioning, name);
    const actor = await actorOf(context, options);
    if (now !== true) {
      const [row] = await retryPeople(services, tenant.name, [record], actor);
      output.data({ ...row, ...compact({ paused }) });
      const { userName } = record.person;
      if (row?.outcome === 'held') {
        output.line(`${userName} is held by the brake: decide with brake release or brake discard.`);
        return EXIT_FINDINGS;
      }
      output.line(`${userName} is due, and provisioned ${whenDone(paused, 'within a minute')}`);
      if (paused === undefined) output.line('  --now   does it here and shows each step');
      return undefined;
    }
    const steps: Step[] = [];
    const after = await provisionNow(provisioning, services, record, actor, (step) => {
      if (step.step === 'outcome' && !steps.some((each) => each.step === 'call')) output.line('4 call: none');
      steps.push(step);
      for (const line of linesOf(step)) output.line(line);
    });
    output.data({ steps });
    if (after.state === 'provisioned' && !steps.some(({ step }) => step === 'call')) {
      output.line('  It is as it was written last. What was changed in SmartAssist itself stays:');
      output.line('  explain --live   shows it; reconcile repair writes what it should be');
    }
    return after.state === 'failed' || after.state === 'due' ? EXIT_FINDINGS : undefined;
  });
}

function linesOf(step: Step): string[] {
  switch (step.step) {
    case 'found':
      return [`1 found: ${step.person.userName}, ${step.person.state}, from ${step.person.source}`];
    case 'scope':
      return [
        step.wanted ? '2 in scope: to be an agent' : '2 in scope: no, not to be an agent (provisionWhen)',
      ];
    case 'mapped':
      return [
        `3 mapped: ${PLANS[step.plan] ?? step.plan}`,
        ...step.fields.map(
          ({ field, value, entries }) =>
            `    ${field}: ${valueText(entries?.map(({ entry }) => entry) ?? value)}`,
        ),
        ...step.problems.map((problem) => `    problem: ${problem}`),
      ];
    case 'call':
      return [`4 call: ${step.call}`];
    case 'outcome':
      return [
        `5 outcome: ${step.person.state}${step.person.state === 'provisioned' ? '' : `: ${step.person.why}`}`,
      ];
  }
}

const PLANS: Readonly<Record<string, string>> = {
  agent: 'an agent',
  invalid: 'can not become an agent',
  unreadable: 'names can not be read at present',
  unavailable: 'the names of SmartAssist can not be read now',
  nothing: 'no agent, and there is none',
  suspend: 'out of service',
  remove: 'the agent is to be deleted',
  undo: 'the agent was a test, and is to be deleted',
  keep: 'the agent stays as it is',
};
