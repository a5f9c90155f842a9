import { OperateError } from '../../operate/errors.ts';
import { ignoreFindings } from '../../operate/reconciliation/ignore.ts';
import { repairOutcome, repairPeople } from '../../operate/reconciliation/repair.ts';
import { startReconciliation } from '../../operate/reconciliation/view.ts';
import { compact } from '../../runtime/compact.ts';
import type { PageContext, ShowPage } from '../page.ts';
import { ask, done } from '../view/ask.ts';
import { html } from '../view/html.ts';
import { href } from '../view/link.ts';
import { counted, text } from '../view/shown.ts';
import { actorOf, assertTyped, whenOf } from './actor.ts';

const UNASKED = 20;

const linksOf = ({ base }: PageContext) => ({
  back: href(base, 'reconciliation'),
  audit: href(base, 'audit'),
});

export const askStart: ShowPage = async ({ base }) => ({
  title: 'Start a reconciliation',
  body: ask({
    action: `${base}/reconciliation/start`,
    will: html`<p>All agents are read from SmartAssist, beginning within a minute: one call for each page of agents, behind all who wait. One that is under way goes on instead.</p>`,
    button: 'Start',
    cancel: href(base, 'reconciliation'),
  }),
});

export const start: ShowPage = async (context) => {
  await startReconciliation(context.services, context.provisioning.name, actorOf(context));
  const when = await whenOf(context, 'within a minute');
  return { title: 'Started', body: done(html`<p>It begins ${text(when, 400)}</p>`, linksOf(context)) };
};

interface Chosen {
  readonly decision: 'repair' | 'ignore';
  readonly persons: readonly string[];
  readonly agents: readonly string[];
}

function chosenOf(given: URLSearchParams): Chosen {
  const decision = given.get('decision');
  const [persons, agents] = [given.getAll('person'), given.getAll('agent')];
  if (decision !== 'repair' && decision !== 'ignore')
    throw new OperateError('invalid', 'The decision is missing.');
  if (persons.length + agents.length === 0)
    throw new OperateError('invalid', 'Nothing is selected; nothing was done.');
  return { decision, persons, agents };
}

export const askDecide: ShowPage = async ({ request, services, provisioning, base }) => {
  const { decision, persons, agents } = chosenOf(request.query);
  const records = await services.directory.readPersons(provisioning.name, persons);
  const count =
    decision === 'repair'
      ? records.filter((record) => repairOutcome(record) === 'due').length
      : persons.length + agents.length;
  const will =
    decision === 'repair'
      ? html`<p>The agents of <strong>${counted(count, 'person')}</strong> will be read and written as they should be: up to ${counted(count * 2, 'call')} to SmartAssist, within minutes. It counts as a change for the brake.${count < persons.length ? ` ${persons.length - count} are left out: held, due already or without an agent.` : ''}</p>`
      : html`<p><strong>${counted(count, 'finding')}</strong> will be passed over by the next reconciliations, and repaired by none. A changed agent is reported again when these fields hold something else.</p>`;
  const hidden = [...persons.map((each) => ['person', each]), ...agents.map((each) => ['agent', each])];
  return {
    title: decision === 'repair' ? 'Repair' : 'Ignore',
    body: ask({
      action: `${base}/reconciliation/decide`,
      will,
      button:
        decision === 'repair' ? `Repair ${counted(count, 'agent')}` : `Ignore ${counted(count, 'finding')}`,
      cancel: href(base, 'reconciliation'),
      hidden: { decision },
      fields: html`${hidden.map(([name, each]) => html`<input type="hidden" name="${name}" value="${each}">`)}`,
      ...compact({
        typed:
          decision === 'repair' && count > UNASKED
            ? { what: 'the number of agents', of: String(count) }
            : undefined,
      }),
    }),
  };
};

export const decide: ShowPage = async (context) => {
  const { request, services, provisioning } = context;
  const { decision, persons, agents } = chosenOf(request.form);
  if (decision === 'ignore') {
    const { count, unknown } = await ignoreFindings(
      services,
      provisioning.name,
      { persons, agents },
      actorOf(context),
    );
    const said = html`<p>${counted(count, 'finding')} ignored.${unknown.length === 0 ? '' : ` ${unknown.length} are not listed any more.`}</p>`;
    return { title: 'Ignored', body: done(said, linksOf(context)) };
  }
  const records = await services.directory.readPersons(provisioning.name, persons);
  const count = records.filter((record) => repairOutcome(record) === 'due').length;
  if (count > UNASKED) assertTyped(context, count);
  const repaired = await repairPeople(services, provisioning.name, records, actorOf(context));
  const outcomes = Map.groupBy(repaired, ({ outcome }) => outcome);
  const when = await whenOf(context);
  const said = [...outcomes].map(([outcome, { length }]) => {
    const words = outcome === 'due' ? `read and written ${when}` : OUTCOMES[outcome];
    return html`<li>${counted(length, 'person')}: ${text(words, 400)}</li>`;
  });
  return { title: 'Repaired', body: done(html`<ul>${said}</ul>`, linksOf(context)) };
};

const OUTCOMES = {
  already: 'due already',
  held: 'held by the brake',
  'no-agent': 'without an agent that could be written',
  changed: 'changed meanwhile',
} as const;
