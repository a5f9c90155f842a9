import { type Draft, readDraft } from '../../../operate/configuration/draft.ts';
import { MOST_PERSONS, outlookOfDraft, personsOf } from '../../../operate/configuration/plan-draft.ts';
import { reasonOf } from '../../../operate/people/reasons.ts';
import type { PageContext, ShowPage } from '../../page.ts';
import { may } from '../../session/role.ts';
import { type Html, html, NOTHING } from '../../view/html.ts';
import { href, personPath } from '../../view/link.ts';
import { brakeLine, EFFECTS, effectTable, seatsLine } from '../../view/outlook.ts';
import { counted, text, time } from '../../view/shown.ts';
import { table } from '../../view/table.ts';

/** More reasons, fields or rules than these are seldom read. */
const SHOWN = 50;

/** What a changed mapping would do to everybody, as far as they have been looked at. */
export const plan: ShowPage = async (context) => {
  const { services, provisioning, base, session, params } = context;
  const { stored, draft } = await readDraft(services.directory, provisioning.name, params.draft ?? '');
  const { id, looked, total, isDone, by, at, after, restores } = draft;
  const outlook = await outlookOfDraft(services, provisioning.name, draft);
  const here = href(base, `mapping/plan/${id}`);
  const goOn =
    isDone || !may(session.role, 'operator')
      ? NOTHING
      : html`<form method="post" action="${here}" data-goes-on="plan"><button class="main">Go on looking</button></form>`;
  return {
    title: 'Plan of a mapping',
    body: html`<div id="plan"><p>By ${text(by)}, ${time(at)}, after generation ${after}${restores === undefined ? NOTHING : html`, going back to ${restores}`}. ${isDone ? html`${counted(looked, 'person')} looked at; nothing is changed yet.` : html`<strong>${looked.toLocaleString('en')} of about ${total.toLocaleString('en')} people</strong> looked at so far <progress max="${total}" value="${looked}" aria-label="People looked at"></progress>`}</p>
${goOn}${brakeLine(outlook, isDone)}${seatsLine(outlook)}${effectTable(outlook)}
${draft.isBeforeUnknown && (draft.effects.change ?? 0) > 0 ? html`<p>Changes are not known by field: the mapping in force is noted once provisioning has run.</p>` : NOTHING}
<div class="columns">${tallies('By reason', Object.entries(draft.reasons).map(reasonRow))}${tallies('By field', Object.entries(draft.fields))}${tallies('By rule', Object.entries(draft.rules))}</div>
${examplesOf(context, draft)}
<div class="buttons">${isDone && may(session.role, 'admin') ? html`<a class="button" href="${here}/activate">Activate…</a> ` : NOTHING}<a class="button" href="${href(base, 'mapping/try', { draft: id })}">Try a person with it</a> <a class="button" href="${href(base, 'mapping/edit')}">Begin anew</a></div>
${isDone && !may(session.role, 'admin') ? html`<p>An admin activates it: give this address to one.</p>` : NOTHING}${personsOf(stored) === undefined ? html`<p>More than ${MOST_PERSONS.toLocaleString('en')} people would be changed: whom the brake asks about waits there for a decision.</p>` : NOTHING}</div>`,
  };
};

function reasonRow([key, count]: [string, number]): [string, number] {
  const [effect = '', ...code] = key.split(' ');
  return [`${EFFECTS[effect] ?? effect}: ${reasonOf(code.join(' ')).text}`, count];
}

function tallies(name: string, rows: readonly (readonly [string, number])[]): Html {
  if (rows.length === 0) return NOTHING;
  const most = rows.toSorted(([, a], [, b]) => b - a).slice(0, SHOWN);
  return html`<section><h2>${name}</h2><ul>${most.map(([each, count]) => html`<li>${text(each, 200)}: ${count.toLocaleString('en')}</li>`)}</ul>${rows.length > SHOWN ? html`<p>and ${rows.length - SHOWN} more</p>` : NOTHING}</section>`;
}

function examplesOf({ base }: PageContext, { examples }: Draft): Html {
  if (examples.length === 0) return NOTHING;
  return html`<h2>Some of them</h2>${table(
    'Some of each kind',
    [
      {
        name: 'Person',
        kind: 'name',
        cell: ({ id, userName }) => html`<a href="${href(base, personPath(id))}">${text(userName)}</a>`,
      },
      { name: 'Would', cell: ({ effect }) => html`${effect}` },
      { name: 'What', kind: 'why', cell: ({ words }) => text(words, 500) },
    ],
    examples,
  )}`;
}
