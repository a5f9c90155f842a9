import { OperateError } from '../../operate/errors.ts';
import { type ForeseenNow, foreseeNow } from '../../operate/people/foresee-now.ts';
import { provisionNow, type Step } from '../../operate/people/provision-now.ts';
import { selectPerson } from '../../operate/people/select.ts';
import type { PageContext, ShowPage } from '../page.ts';
import { ask, done } from '../view/ask.ts';
import { type Html, html, NOTHING } from '../view/html.ts';
import { href, personPath } from '../view/link.ts';
import { counted, state, text } from '../view/shown.ts';
import { actorOf } from './actor.ts';

export async function readPerson({ services, provisioning, params }: PageContext) {
  const [record] = await services.directory.readPersons(provisioning.name, [params.id ?? '']);
  return record ?? selectPerson(services, provisioning, params.id ?? '');
}

export const askProvision: ShowPage = async (context) => {
  const { base, services, provisioning } = context;
  const record = await readPerson(context);
  const { id, person } = record;
  const foreseen = await foreseeNow(provisioning, services, record);
  const here = href(base, personPath(id));
  const will = html`<p><strong>${text(person.userName)}</strong> will be provisioned now, ahead of all who wait. ${text(foreseenText(foreseen), 600)} Each step is shown.</p>`;
  return {
    title: 'Provision now',
    body: ask({ action: `${here}/provision`, will, button: 'Provision 1 person', cancel: here }),
  };
};

function foreseenText({ effect, calls, problems }: ForeseenNow): string {
  const cost = `up to ${counted(calls, 'call')} to SmartAssist`;
  switch (effect) {
    case 'create':
      return `The agent is made: ${cost}.`;
    case 'change':
      return `The agent is changed: ${cost}.`;
    case 'resume':
      return `The agent comes back into service: ${cost}.`;
    case 'suspend':
      return `The agent goes out of service, unless the brake holds: ${cost}.`;
    case 'remove':
      return `The agent is deleted in SmartAssist, unless the brake holds: ${cost}.`;
    case 'fail':
      return `There can be no such agent, and no call is made: ${problems.join('; ')}.`;
    case 'wait':
      return 'The person is to be no agent and has none: no call is made.';
    case 'held':
      return 'The brake holds the person, and goes on to: no call is made.';
    case 'untouched':
      return 'The agent is as it was written last: no call is made. What was changed in SmartAssist itself stays; Reconciliation finds and repairs it.';
    case 'unknown':
      return `What there is in SmartAssist has to be looked up first: ${cost}, and those that names take.`;
  }
}

export const provision: ShowPage = async (context) => {
  const { services, provisioning, base } = context;
  const record = await readPerson(context);
  const steps: Step[] = [];
  await provisionNow(provisioning, services, record, actorOf(context), (step) => steps.push(step));
  const outcome = steps.findLast((step) => step.step === 'outcome');
  if (outcome === undefined) throw new OperateError('unavailable', 'the attempt came to no outcome');
  const said = html`<p>${text(record.person.userName)}: ${outcome.result}. ${state(outcome.person.state)} ${text(outcome.person.why, 400)}</p>`;
  return {
    title: 'Provisioned',
    body: html`${done(said, { back: href(base, personPath(record.id)), audit: href(base, 'audit') })}<h2>Step by step</h2><ol>${steps.map(stepLine)}</ol>`,
  };
};

function stepLine(step: Step): Html {
  switch (step.step) {
    case 'found':
      return html`<li>Found: ${state(step.person.state)} ${text(step.person.why, 300)}</li>`;
    case 'scope':
      return html`<li>provisionWhen says ${step.wanted ? 'yes' : 'no'}.</li>`;
    case 'mapped':
      return html`<li>Mapped: ${step.fields.length} fields${step.problems.length === 0 ? NOTHING : html`; ${text(step.problems.join('; '), 600)}`}</li>`;
    case 'call':
      return html`<li>Called SmartAssist: <code>${text(step.call, 200)}</code></li>`;
    case 'outcome':
      return html`<li>Outcome: ${step.result}</li>`;
  }
}
