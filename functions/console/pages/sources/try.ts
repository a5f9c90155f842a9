import type { PersonEvent, Trust } from '../../../events/event.ts';
import { OperateError } from '../../../operate/errors.ts';
import {
  type Triable,
  type Tried,
  type TriedEvent,
  triableSource,
  tryEvent,
} from '../../../operate/try-event.ts';
import type { PageContext, ShowPage } from '../../page.ts';
import { whyOf } from '../../view/agent.ts';
import { type Html, html, NOTHING } from '../../view/html.ts';
import { href } from '../../view/link.ts';
import { lines, plain, text } from '../../view/shown.ts';

const ADDRESS = /^[^\s@"'<>]{1,64}@[^\s@"'<>]{1,255}$/;
const LONGEST = 20_000;

/** Where an event of a source is chosen, to see what would become of it. */
export const askTryEvent: ShowPage = async (context) => {
  const triable = await triableSource(context.provisioning, context.params.name ?? '');
  return { title: 'Test event', body: formOf(context, triable, { event: 'created', user: '' }) };
};

/** What would become of an event; nothing is stored and nobody is called. */
export const showTryEvent: ShowPage = async (context) => {
  const { provisioning, services, params, request } = context;
  const source = params.name ?? '';
  const [event = '', user = ''] = ['event', 'user'].map((key) => request.form.get(key)?.trim() ?? '');
  const triable = await triableSource(provisioning, source);
  const form = formOf(context, triable, { event, user });
  try {
    if (user !== '' && !ADDRESS.test(user)) {
      throw new OperateError('invalid', 'An e-mail address is right, such as ada@example.com.');
    }
    const tried = await tryEvent(services, provisioning, source, {
      name: event,
      user: user === '' ? undefined : user,
    });
    return { title: 'Test event', body: html`${resultOf(source, event, tried)}${form}` };
  } catch (error) {
    if (!(error instanceof OperateError)) throw error;
    const body = html`<p class="notice red" role="alert">${text(error.message, 600)}</p>${form}`;
    return { title: 'Test event', status: 400, body };
  }
};

function formOf(
  { base, params }: PageContext,
  { samples, settings, shape }: Triable,
  chosen: { readonly event: string; readonly user: string },
): Html {
  const here = href(base, `sources/${encodeURIComponent(params.name ?? '')}`);
  const options = samples.map(
    ({ name }) =>
      html`<option value="${name}"${name === chosen.event ? html` selected` : NOTHING}>${name}</option>`,
  );
  return html`<form class="ask wide" method="post" action="${here}/try-event"><p>An event as ${text(settings.preset)} documents it goes through the door, the rules of linking and the mapping. Nothing is stored, nobody is called, and no secret of the source is used.</p>
<p class="field"><label for="event">Event</label><select id="event" name="event">${options}</select></p>
<p class="field"><label for="user">About whom: an e-mail address, in the place of that of the documentation (may stay empty)</label><input id="user" name="user" type="email" value="${plain(chosen.user, 320)}" autocomplete="off"></p>
<p class="quiet">As documented: ${text(shape, 600)}</p>
<div class="buttons"><button class="main">Show what would happen</button> <a class="button" href="${here}">Back to the source</a></div></form>`;
}

const TRUSTED: Readonly<Record<Trust, string>> = {
  signed: 'A signature covers what it says, so it counts as it is.',
  caller:
    'It proves its caller, and not what it says: who leaves is read from the source first, or waits for an operator.',
  url: 'It proves that its caller knows the address: who leaves is read from the source first, or waits for an operator.',
};

const OUTCOMES: Readonly<Record<TriedEvent['outcome'], string>> = {
  stored: 'The person would be stored, and the agent follows.',
  'group-stored': 'The group would be stored, and its members looked at again.',
  unchanged: 'It says nothing new: nothing would change.',
  stale: 'It is older than what the source said last: nothing would change.',
  fetching:
    'The person would be read from the source, and what is read there counts. Reading is no part of the test.',
  later: 'It would wait until the day from which it holds.',
  held: 'It would wait for an operator, among the confirmations.',
  nobody: 'Nobody here is meant by it: nothing would change.',
  invalid: 'It would be refused:',
  repeated: 'It was delivered before: nothing would change.',
};

const KINDS: Readonly<Record<PersonEvent['kind'], string>> = {
  upsert: 'somebody is there, or has changed',
  suspend: 'somebody is out of service',
  resume: 'somebody is back in service',
  remove: 'somebody is deleted',
  assign: 'somebody is given the application, or joins a group',
  unassign: 'somebody loses the application, or leaves a group',
};

function resultOf(source: string, event: string, tried: Tried): Html {
  const { body, trust, isMadeFirst, events, others, catalogue } = tried;
  return html`<section aria-labelledby="result"><h2 id="result">${text(event)} of ${text(source)}</h2><p>${TRUSTED[trust]}</p>${isMadeFirst ? html`<p>Nobody here has the address, so the person was taken to have been made a minute before.</p>` : NOTHING}
${events.map((each) => eventBody(each, catalogue))}${others.map((each) => html`<p class="notice amber">An item ${text(each, 400)}</p>`)}${events.length + others.length === 0 ? html`<p>There is nothing in it that means anything here.</p>` : NOTHING}
<details><summary>The request’s body, as it was tried</summary><pre>
${lines(indented(body), LONGEST)}</pre></details></section>`;
}

function eventBody(
  { event, outcome, reason, record, explained }: TriedEvent,
  catalogue: Tried['catalogue'],
): Html {
  const { type, kind, subject, completeness } = event;
  const names = [...new Set([subject.userName, subject.email, subject.id])].filter(
    (each) => each !== undefined,
  );
  return html`<h3>${text(type, 200)}</h3><dl>
<dt>Means</dt><dd>${KINDS[kind]}</dd>
${names.length === 0 ? NOTHING : html`<dt>About</dt><dd>${text(names.join(', '), 400)}</dd>`}
<dt>Says</dt><dd>${completeness === 'thin' ? 'that something changed' : completeness === 'full' ? 'all that the source knows' : 'a part'}</dd>
</dl><p><strong>${OUTCOMES[outcome]}</strong> ${reason === undefined ? NOTHING : text(reason, 600)}</p>
${
  record === undefined
    ? NOTHING
    : html`<details><summary>The person as a SCIM User</summary><pre>
${lines(JSON.stringify(withoutPhones(record.person), undefined, 2), LONGEST)}</pre></details>`
}
${explained === undefined ? NOTHING : html`${catalogue === undefined ? html`<p>The names of SmartAssist are not known here yet, so they are not checked.</p>` : NOTHING}${whyOf(explained, catalogue, record?.deletedAt !== undefined)}`}`;
}

/** Phone numbers are on no page. */
function withoutPhones(person: object): object {
  return Object.fromEntries(Object.entries(person).filter(([name]) => !/phone/i.test(name)));
}

function indented(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), undefined, 2);
  } catch {
    return body;
  }
}
