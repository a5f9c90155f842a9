import { OperateError } from '../../operate/errors.ts';
import { selectPerson } from '../../operate/people/select.ts';
import { adoptAgent } from '../../operate/reconciliation/adopt.ts';
import type { PageContext, ShowPage } from '../page.ts';
import { ask, done } from '../view/ask.ts';
import { html, NOTHING } from '../view/html.ts';
import { href, personPath } from '../view/link.ts';
import { plain, text } from '../view/shown.ts';
import { actorOf, whenOf } from './actor.ts';

/** @throws OperateError without an agent */
function agentOf(given: URLSearchParams): string {
  const agent = given.get('agent')?.trim() ?? '';
  if (agent === '') throw new OperateError('invalid', 'The agent is missing; nothing was done.');
  return agent;
}

export const askAdopt: ShowPage = async ({ request, base }) => {
  const agent = agentOf(request.query);
  return {
    title: 'Give an agent to a person',
    body: ask({
      action: `${base}/reconciliation/adopt`,
      will: html`<p>The agent <code>${text(agent)}</code>, which belongs to no person here, becomes that of <strong>1 person</strong> who has none. It is read first (1 call), and brought to what the person should have within minutes: up to 2 more calls.</p>`,
      fields: html`<p class="field"><label for="person">The person: userName, e-mail or id</label><input id="person" name="person" required autocomplete="off" value="${plain(request.query.get('person') ?? '', 300)}"></p>`,
      hidden: { agent: plain(agent, 300) },
      button: 'Give 1 agent',
      cancel: href(base, 'reconciliation'),
    }),
  };
};

export const adopt: ShowPage = async (context: PageContext) => {
  const { request, services, provisioning, base } = context;
  const agent = agentOf(request.form);
  const person = request.form.get('person')?.trim() ?? '';
  if (person === '') throw new OperateError('invalid', 'The person is missing; nothing was done.');
  const record = await selectPerson(services, provisioning, person);
  const { id, userName, emailId } = await adoptAgent(provisioning, services, agent, record, actorOf(context));
  const said = html`<p>The agent <code>${text(agent)}</code> is that of <a href="${href(base, personPath(id))}">${text(userName)}</a> now${emailId === undefined ? NOTHING : html`; its address was ${text(emailId)}`}. It is written ${text(await whenOf(context), 400)}</p>`;
  const links = { back: href(base, 'reconciliation'), audit: href(base, 'audit') };
  return { title: 'Adopted', body: done(said, links) };
};
