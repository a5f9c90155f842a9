import { type HeldPerson, listHeld, listHeldPage } from '../../operate/brake.ts';
import { type Confirmation, listConfirmations } from '../../operate/confirmations.ts';
import { csvLine } from '../../operate/csv.ts';
import { effectText } from '../../operate/effect-text.ts';
import { compact } from '../../runtime/compact.ts';
import type { PageContext, ShowPage } from '../page.ts';
import { may } from '../session/role.ts';
import { type Html, html, NOTHING } from '../view/html.ts';
import { href, personPath } from '../view/link.ts';
import { counted, mark, text, time } from '../view/shown.ts';
import { type Column, paging, table } from '../view/table.ts';

const PAGE = 50;

/** Whom the brake holds, and what sources said that waits for an operator. */
export const brake: ShowPage = async (context) => {
  const { services, provisioning, base, request, session } = context;
  const { name, tenant } = provisioning;
  const heldAfter = request.query.get('held') ?? undefined;
  const after = request.query.get('after') ?? undefined;
  const { held, next: heldNext } = await listHeldPage(services, name, {
    limit: PAGE,
    ...compact({ after: heldAfter }),
  });
  const waiting = await listConfirmations(services, name, tenant, { limit: PAGE, ...compact({ after }) });
  const canDecide = may(session.role, 'operator');
  const placeOf = (query: { readonly held?: string | undefined; readonly after?: string | undefined }) =>
    href(base, 'brake', query);
  return {
    title: 'Brake and confirmations',
    body: html`<section aria-labelledby="held"><h2 id="held">Held by the brake</h2>
${held.length === 0 ? html`<p>${mark('green')} Nobody. When too many agents are to leave service or to change at once, they wait here for a decision.</p>` : html`<p>Released, they leave service or change within minutes. Discarded, their agents stay as they are until the source or a rule says something new.</p>${choosing(context, 'brake/decide', 'person', heldTable(context, held, canDecide), canDecide, 'everybody whom the brake holds')}`}
${paging(heldAfter === undefined ? undefined : placeOf({ after }), heldNext === undefined ? undefined : placeOf({ held: heldNext, after }))}${held.length === 0 ? NOTHING : html`<p><a class="button" href="${href(base, 'brake.csv')}">Download as CSV</a></p>`}</section>
<section aria-labelledby="confirm"><h2 id="confirm">To confirm</h2>
${waiting.confirmations.length === 0 ? html`<p>${mark('green')} Nothing. What a source says that only an operator may let happen waits here.</p>` : choosing(context, 'confirmations/decide', 'event', confirmTable(context, waiting.confirmations, canDecide), canDecide)}
${paging(after === undefined ? undefined : placeOf({ held: heldAfter }), waiting.next === undefined ? undefined : placeOf({ held: heldAfter, after: waiting.next }))}</section>`,
  };
};

/** A list of which some are chosen for one of two decisions; the next page asks once more. */
function choosing(
  { base }: PageContext,
  path: string,
  name: string,
  list: Html,
  canDecide: boolean,
  all?: string,
): Html {
  if (!canDecide) return list;
  const [yes, no] = name === 'person' ? ['Release', 'Discard'] : ['Accept', 'Discard'];
  return html`<form action="${base}/${path}"><label class="tick"><input type="checkbox" data-all="${name}"> All of this page</label>${list}
${all === undefined ? NOTHING : html`<label class="tick"><input type="checkbox" name="all" value="yes"> Or ${all}</label>`}
<div class="buttons"><button name="decision" value="yes">${yes} selected…</button> <button name="decision" value="no">${no} selected…</button></div></form>`;
}

function tick<Row>(
  name: string,
  canDecide: boolean,
  of: (row: Row) => readonly [id: string, label: string],
): Column<Row>[] {
  if (!canDecide) return [];
  return [
    {
      name: 'Select',
      cell: (row) => {
        const [id, label] = of(row);
        return html`<input type="checkbox" name="${name}" value="${id}" aria-label="Select ${label}">`;
      },
    },
  ];
}

function heldTable({ base }: PageContext, rows: readonly HeldPerson[], canDecide: boolean): Html {
  return table(
    `${counted(rows.length, 'person')} on this page`,
    [
      ...tick<HeldPerson>('person', canDecide, ({ id }) => [id, `person ${id}`]),
      {
        name: 'Person',
        kind: 'name',
        cell: ({ id, userName }) => html`<a href="${href(base, personPath(id))}">${text(userName)}</a>`,
      },
      { name: 'Would', cell: ({ movement }) => html`${movement === 'leaving' ? 'leave service' : 'change'}` },
      {
        name: 'Why',
        kind: 'why',
        cell: ({ reason, fields = [], rules = [] }) =>
          html`${text(reason, 300)}${fields.length === 0 ? NOTHING : html`<div class="quiet">${text(`fields: ${fields.join(', ')}`)}</div>`}${rules.length === 0 ? NOTHING : html`<div class="quiet">${text(`rules: ${rules.join(', ')}`)}</div>`}`,
      },
      { name: 'Source', cell: ({ source }) => text(source) },
      { name: 'Since', cell: ({ since }) => time(since) },
    ],
    rows,
  );
}

function confirmTable(
  { base, provisioning }: PageContext,
  rows: readonly Confirmation[],
  canDecide: boolean,
): Html {
  const { lifecycle } = provisioning.tenant;
  return table(
    `${counted(rows.length, 'event')} on this page`,
    [
      ...tick<Confirmation>('event', canDecide, ({ id, type }) => [id, `${type} ${id.slice(0, 12)}`]),
      {
        name: 'About',
        kind: 'name',
        cell: ({ about, personId }) =>
          personId === undefined
            ? text(about)
            : html`<a href="${href(base, personPath(personId))}">${text(about)}</a>`,
      },
      { name: 'Event', cell: ({ type }) => text(type) },
      { name: 'Source', cell: ({ source }) => text(source) },
      {
        name: 'Accepting',
        kind: 'why',
        cell: ({ effects }) =>
          html`${effects.map((each) => html`<div>${text(effectText(each, lifecycle), 300)}</div>`)}`,
      },
      { name: 'Why it waits', kind: 'why', cell: ({ why }) => text(why, 300) },
      { name: 'Since', cell: ({ since }) => time(since) },
    ],
    rows,
  );
}

const MOST_ROWS = 20_000;

export const brakeCsv: ShowPage = async ({ services, provisioning, request }) => {
  let content = csvLine(['userName', 'would', 'reason', 'fields', 'rules', 'source', 'since', 'id']);
  let rows = 0;
  for await (const each of listHeld(services, provisioning.name)) {
    const { userName, movement, reason, fields = [], rules = [], source, since, id } = each;
    content += csvLine([userName, movement, reason, fields.join('; '), rules.join('; '), source, since, id]);
    rows += 1;
    if (rows === MOST_ROWS) break;
  }
  return { fileName: `held-${request.tenant}.csv`, contentType: 'text/csv; charset=utf-8', content };
};
