import { csvLine } from '../../operate/csv.ts';
import { type FailureGroup, listFailures, type Tally } from '../../operate/people/failures.ts';
import type { PageContext, ShowPage } from '../page.ts';
import { may } from '../session/role.ts';
import { type Html, html, NOTHING } from '../view/html.ts';
import { href, personPath } from '../view/link.ts';
import { counted, mark, text, time } from '../view/shown.ts';

/** Reason → people → remedy. */
export const failures: ShowPage = async (context) => {
  const found = await listFailures(context.services, context.provisioning.name);
  const body =
    found.groups.length === 0
      ? html`<p>${mark('green')} Nobody has failed. Who can not become an agent is listed here, by reason, with what helps.</p>`
      : html`<p>${counted(found.count, 'person')} failed, for ${counted(found.groups.length, 'reason')}${found.isCut ? html`; of a reason 5,000 are looked at` : NOTHING}.</p>${found.groups.map((group) => groupOf(context, group))}${tallies('By rule, whatever the reason', found.rules)}<p class="buttons"><a class="button" href="${href(context.base, 'failures.csv')}">Download as CSV</a></p>`;
  return { title: 'Failures', body: html`<div id="failures" data-live="30">${body}</div>` };
};

function groupOf({ base, session }: PageContext, group: FailureGroup): Html {
  const { reason, count, text: cause, remedy, since, fields, rules, messages, examples } = group;
  const query = { state: 'failed', reason };
  const people = examples.map(
    ({ id, userName, message }) =>
      html`<li><a href="${href(base, personPath(id))}">${text(userName)}</a>: ${text(message, 400)}</li>`,
  );
  const retry = may(session.role, 'operator')
    ? html`<a class="button" data-dialog href="${href(base, 'people/retry', query)}">Retry ${counted(count, 'person')}</a>`
    : NOTHING;
  return html`<section aria-labelledby="${reason}"><h2 id="${reason}">${mark('red')} ${cause}</h2>
<p>${counted(count, 'person')}, the first since ${time(since)}.</p>${remedy === undefined ? NOTHING : html`<p><strong>Remedy:</strong> ${text(remedy, 500)}</p>`}
${tallies('Fields', fields)}${tallies('Rules', rules)}${tallies('Said of several', messages)}
<h3>Some of them</h3><ul>${people}</ul>
<div class="buttons"><a class="button" href="${href(base, 'people', query)}">See ${count === 1 ? 'the person' : `all ${count}`}</a> ${retry}</div></section>`;
}

function tallies(name: string, list: readonly Tally[]): Html {
  if (list.length === 0) return NOTHING;
  return html`<h3>${name}</h3><ul>${list.map((each) => html`<li>${text(each.name, 400)}: ${each.count}</li>`)}</ul>`;
}

export const failuresCsv: ShowPage = async ({ services, provisioning, request }) => {
  const { groups } = await listFailures(services, provisioning.name);
  const lines = groups.map(({ reason, count, text: cause, remedy = '', since, rules, fields }) => {
    const names = (list: readonly Tally[]) => list.map((each) => `${each.name}: ${each.count}`).join('; ');
    return csvLine([reason, String(count), cause, remedy, since, names(rules), names(fields)]);
  });
  const content = [
    csvLine(['reason', 'people', 'cause', 'remedy', 'since', 'rules', 'fields']),
    ...lines,
  ].join('');
  return { fileName: `failures-${request.tenant}.csv`, contentType: 'text/csv; charset=utf-8', content };
};
