import { csvLine } from '../../operate/csv.ts';
import { type ReconciliationView, showReconciliation } from '../../operate/reconciliation/view.ts';
import type { PageContext, ShowPage } from '../page.ts';
import { may } from '../session/role.ts';
import { type Html, html, NOTHING } from '../view/html.ts';
import { href, personPath } from '../view/link.ts';
import { counted, mark, text, time } from '../view/shown.ts';
import { type Column, table } from '../view/table.ts';

type Drift = ReconciliationView['drift'][number];
type Foreign = ReconciliationView['foreign'][number];

/** More are downloaded. */
const SHOWN = 200;

const NOW = { open: 'open', due: 'is being written', over: 'is over', ignored: 'ignored' } as const;

/** What the last reading of all agents found. */
export const reconciliation: ShowPage = async (context) => {
  const { services, provisioning, base, session } = context;
  const view = await showReconciliation(services, provisioning);
  const canAct = may(session.role, 'operator');
  const start = canAct
    ? html`<p><a class="button" data-dialog href="${href(base, 'reconciliation/start')}">Start one now</a></p>`
    : NOTHING;
  if (view === undefined) {
    return {
      title: 'Reconciliation',
      body: html`<p>None has been made yet: every night all agents are read from SmartAssist and held beside what they should be.</p>${start}`,
    };
  }
  const { startedAt, finishedAt, agents, counts, drift, missing, foreign } = view;
  return {
    title: 'Reconciliation',
    body: html`<div id="last"><p>Began ${time(startedAt)}${finishedAt === undefined ? html`, and is under way` : html`, ended ${time(finishedAt)}`}: ${counted(agents, 'agent')} read, ${counts.drifted} changed in SmartAssist, ${counts.missed} missing, ${counts.foreigners} that belong to no person here, ${counts.adopted} adopted, ${counts.ignored} ignored.</p></div>${start}
<section aria-labelledby="drift"><h2 id="drift">Changed in SmartAssist</h2>
${
  drift.length === 0
    ? html`<p>${mark('green')} None.</p>`
    : deciding(context, canAct, driftTable(context, drift.slice(0, SHOWN), canAct), [
        ['repair', 'Repair selected…'],
        ['ignore', 'Ignore selected…'],
      ])
}</section>
<section aria-labelledby="missing"><h2 id="missing">Missing in SmartAssist</h2>
${missing.length === 0 ? html`<p>${mark('green')} None.</p>` : html`<p>Each is looked up and made again by itself.</p><ul>${missing.slice(0, SHOWN).map(({ id, userName, now }) => html`<li><a href="${href(base, personPath(id))}">${text(userName ?? id)}</a> (${NOW[now]})</li>`)}</ul>`}</section>
<section aria-labelledby="foreign"><h2 id="foreign">Agents that belong to no person here</h2>
${foreign.length === 0 ? html`<p>${mark('green')} None.</p>` : html`<p>They are left alone. One that is meant for a person is given to that person.</p>${deciding(context, canAct, foreignTable(context, foreign.slice(0, SHOWN), canAct), [['ignore', 'Ignore selected…']])}`}</section>
<p><a class="button" href="${href(base, 'reconciliation.csv')}">Download as CSV</a></p>`,
  };
};

function deciding(
  { base }: PageContext,
  canAct: boolean,
  list: Html,
  decisions: readonly (readonly [string, string])[],
): Html {
  if (!canAct) return list;
  return html`<form action="${base}/reconciliation/decide">${list}<div class="buttons">${decisions.map(([value, name]) => html`<button name="decision" value="${value}">${name}</button> `)}</div></form>`;
}

function tick<Row>(name: string, canAct: boolean, idOf: (row: Row) => string): Column<Row>[] {
  if (!canAct) return [];
  return [
    {
      name: 'Select',
      cell: (row) =>
        html`<input type="checkbox" name="${name}" value="${idOf(row)}" aria-label="Select ${idOf(row)}">`,
    },
  ];
}

function driftTable({ base }: PageContext, rows: readonly Drift[], canAct: boolean): Html {
  return table(
    `${counted(rows.length, 'agent')} shown`,
    [
      ...tick<Drift>('person', canAct, ({ id }) => id),
      {
        name: 'Person',
        kind: 'name',
        cell: ({ id, userName }) => html`<a href="${href(base, personPath(id))}">${text(userName ?? id)}</a>`,
      },
      { name: 'Fields, as they were found', kind: 'why', cell: fieldsOf },
      { name: 'Now', cell: ({ now }) => html`${NOW[now]}` },
      {
        name: 'Both values',
        cell: ({ id }) => html`<a href="${href(base, personPath(id), { live: '1' })}">read both (1 call)</a>`,
      },
    ],
    rows,
  );
}

/** Both values of a finding; of one that an older version made, the names of the fields. */
function fieldsOf({ fields, values = [], changedAt }: Drift): Html {
  const rest = fields.slice(values.length);
  const both = values.map(
    ({ field, ours, theirs }) =>
      html`<div>${text(field)}: ${text(ours)} here, ${text(theirs)} in SmartAssist</div>`,
  );
  const last =
    changedAt === undefined ? NOTHING : html`<div class="quiet">changed last ${time(changedAt)}</div>`;
  return html`${both}${rest.length === 0 ? NOTHING : text(rest.join(', '), 300)}${last}`;
}

function foreignTable({ base }: PageContext, rows: readonly Foreign[], canAct: boolean): Html {
  return table(
    `${counted(rows.length, 'agent')} shown`,
    [
      ...tick<Foreign>('agent', canAct, ({ agentId }) => agentId),
      { name: 'Agent', cell: ({ agentId }) => html`<code>${text(agentId)}</code>` },
      {
        name: 'E-mail',
        kind: 'name',
        cell: ({ emailId }) =>
          emailId === undefined ? html`<span class="quiet">not known</span>` : text(emailId),
      },
      { name: 'Now', cell: ({ now }) => html`${NOW[now]}` },
      ...(canAct
        ? [
            {
              name: 'Adopt',
              cell: ({ agentId, now }: Foreign) =>
                now === 'over'
                  ? NOTHING
                  : html`<a class="button small" data-dialog href="${href(base, 'reconciliation/adopt', { agent: agentId })}">Give to a person…</a>`,
            },
          ]
        : []),
    ],
    rows,
  );
}

export const reconciliationCsv: ShowPage = async ({ services, provisioning, request }) => {
  const view = await showReconciliation(services, provisioning);
  const lines = [
    csvLine(['finding', 'id', 'name', 'fields', 'now', 'ours', 'theirs']),
    ...(view?.drift ?? []).flatMap(({ id, userName = '', fields, values = [], now }) => {
      const rest = fields.slice(values.length).join('; ');
      return [
        ...values.map(({ field, ours, theirs }) =>
          csvLine(['changed', id, userName, field, now, ours, theirs]),
        ),
        ...(rest === '' ? [] : [csvLine(['changed', id, userName, rest, now])]),
      ];
    }),
    ...(view?.missing ?? []).map(({ id, userName = '', now }) => csvLine(['missing', id, userName, '', now])),
    ...(view?.foreign ?? []).map(({ agentId, emailId = '', now }) =>
      csvLine(['foreign', agentId, emailId, '', now]),
    ),
  ];
  return {
    fileName: `reconciliation-${request.tenant}.csv`,
    contentType: 'text/csv; charset=utf-8',
    content: lines.join(''),
  };
};
