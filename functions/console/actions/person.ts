import { OperateError } from '../../operate/errors.ts';
import { erasePerson } from '../../operate/people/erase.ts';
import { exportPerson } from '../../operate/people/export.ts';
import type { ShowPage } from '../page.ts';
import { ask, done } from '../view/ask.ts';
import { html } from '../view/html.ts';
import { href, personPath } from '../view/link.ts';
import { text, time } from '../view/shown.ts';
import { actorOf } from './actor.ts';
import { readPerson } from './provision.ts';

export const askExport: ShowPage = async (context) => {
  const { id, person } = await readPerson(context);
  const here = href(context.base, personPath(id));
  return {
    title: 'Export',
    body: ask({
      action: `${here}/export`,
      will: html`<p>Everything that is kept about <strong>${text(person.userName)}</strong> is saved as a file (GDPR Art. 15), phone numbers among it. It is recorded that it was.</p>`,
      button: 'Save the file',
      cancel: here,
    }),
  };
};

export const exportOne: ShowPage = async (context) => {
  const record = await readPerson(context);
  const whole = await exportPerson(context.services, record, actorOf(context));
  return {
    fileName: `person-${record.id}.json`,
    contentType: 'application/json',
    content: JSON.stringify(whole, null, 2),
  };
};

export const askErase: ShowPage = async (context) => {
  const { id, person, agent } = await readPerson(context);
  const here = href(context.base, personPath(id));
  return {
    title: 'Erase',
    body: ask({
      action: `${here}/erase`,
      will: html`<p><strong>${text(person.userName)}</strong> will be erased at once (GDPR Art. 17): the person with links, memberships and history. This can not be taken back. An identity provider where the person is still there sends the person again.</p>`,
      fields: html`<p class="field"><label class="tick"><input type="checkbox" name="agent" value="yes"> Delete the agent in SmartAssist as well (it is: ${agent.presence})</label></p>`,
      typed: { what: 'the id', of: id },
      button: 'Erase 1 person',
      cancel: here,
      isGrave: true,
    }),
  };
};

export const erase: ShowPage = async (context) => {
  const { request, services, provisioning, base } = context;
  const record = await readPerson(context);
  if (request.form.get('typed')?.trim() !== record.id) {
    throw new OperateError('invalid', `The id ${record.id} was not typed; nothing was erased.`);
  }
  const options = { agent: request.form.get('agent') === 'yes' };
  const receipt = await erasePerson(provisioning, services, record, options, actorOf(context));
  const list = (items: readonly string[]) =>
    html`<ul>${items.map((each) => html`<li>${text(each, 300)}</li>`)}</ul>`;
  const said = html`<p>Erased ${time(receipt.erasedAt)}. Keep this receipt: digest <code>${receipt.digest}</code>.</p>${list(receipt.erased)}<p>What remains:</p>${list(receipt.remains)}`;
  return { title: 'Erased', body: done(said, { back: href(base, 'people'), audit: href(base, 'audit') }) };
};
