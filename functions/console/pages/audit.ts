import type { HistoryEntry } from '../../directory/history.ts';
import { listActions } from '../../operate/audit.ts';
import { csvLine } from '../../operate/csv.ts';
import { compact } from '../../runtime/compact.ts';
import type { PageContext, ShowPage } from '../page.ts';
import { type Html, html, NOTHING } from '../view/html.ts';
import { href, personPath } from '../view/link.ts';
import { counted, text, time, value } from '../view/shown.ts';
import { paging, table } from '../view/table.ts';

const PAGE = 50;
const NAMED = 10;

/** What operators did, the newest first. */
export const audit: ShowPage = async (context) => {
  const { services, provisioning, base, request } = context;
  const after = request.query.get('after') ?? undefined;
  const { entries, next } = await listActions(services, provisioning.name, {
    limit: PAGE,
    ...compact({ after }),
  });
  return {
    title: 'Audit',
    body:
      entries.length === 0
        ? html`<p>Nothing yet: what operators do is listed here for 400 days, with who and why.</p>`
        : html`${table(
            `${counted(entries.length, 'action')} on this page`,
            [
              { name: 'When', cell: ({ at }) => time(at) },
              { name: 'Action', cell: ({ action }) => html`<strong>${text(action)}</strong>` },
              {
                name: 'By',
                kind: 'name',
                cell: ({ by, via }) =>
                  html`${text(by)}${via === undefined ? NOTHING : html` <span class="quiet">(${text(via)})</span>`}`,
              },
              {
                name: 'Why',
                kind: 'why',
                cell: ({ reason }) => (reason === undefined ? NOTHING : text(reason, 300)),
              },
              { name: 'What', kind: 'why', cell: (entry) => details(context, entry) },
            ],
            entries,
          )}${paging(after === undefined ? undefined : href(base, 'audit'), next === undefined ? undefined : href(base, 'audit', { after: next }))}
<p><a class="button" href="${href(base, 'audit.csv')}">Download as CSV</a></p>`,
  };
};

const SHOWN_APART = new Set(['at', 'action', 'by', 'via', 'reason', 'persons']);

function details({ base }: PageContext, entry: HistoryEntry): Html {
  const persons = Array.isArray(entry.persons) ? entry.persons.map(String) : [];
  const rest = Object.entries(entry).filter(([key]) => !SHOWN_APART.has(key));
  const links = persons
    .slice(0, NAMED)
    .map((id) => html`<a href="${href(base, personPath(id))}"><code>${text(id)}</code></a> `);
  return html`${rest.map(([key, of]) => html`<div>${text(key)}: ${value(of, 200)}</div>`)}${links}${persons.length > NAMED ? html`and ${persons.length - NAMED} more` : NOTHING}`;
}

const CSV_ENTRIES = 5_000;

export const auditCsv: ShowPage = async ({ services, provisioning, request }) => {
  let content = csvLine(['at', 'action', 'by', 'via', 'reason', 'details']);
  let after: string | undefined;
  let count = 0;
  do {
    const page = await listActions(services, provisioning.name, { limit: 500, ...compact({ after }) });
    for (const { at, action, by, via = '', reason = '', ...rest } of page.entries) {
      content += csvLine([at, String(action), String(by), String(via), String(reason), JSON.stringify(rest)]);
    }
    count += page.entries.length;
    after = page.next;
  } while (after !== undefined && count < CSV_ENTRIES);
  return { fileName: `audit-${request.tenant}.csv`, contentType: 'text/csv; charset=utf-8', content };
};
