import { OperateError } from '../../operate/errors.ts';
import { provisionNow, type Step } from '../../operate/people/provision-now.ts';
import { selectPerson } from '../../operate/people/select.ts';
import type { PageContext, ShowPage } from '../page.ts';
import { ask, done } from '../view/ask.ts';
import { type Html, html, NOTHING } from '../view/html.ts';
import { href, personPath } from '../view/link.ts';
import { state, text } from '../view/shown.ts';
import { actorOf } from './actor.ts';

export async function readPerson({ services, provisioning, params }: PageContext) {
  const [record] = await services.directory.readPersons(provisioning.name, [params.id ?? '']);
  return record ?? selectPerson(services, provisioning, params.id ?? '');
}

export const askProvision: ShowPage = async (context) => {
  const { base } = context;
  const { id, person } = await readPerson(context);
  const here = href(base, personPath(id));
  const will = html`<p><strong>${text(person.userName)}</strong> will be provisioned now, ahead of all who wait: with up to 3 calls to SmartAssist. Each step is shown. What the brake holds stays held.</p>`;
  return {
    title: 'Provision now',
    body: ask({ action: `${here}/provision`, will, button: 'Provision 1 person', cancel: here }),
  };
};

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
