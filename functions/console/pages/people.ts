import { LISTED_STATES } from '../../directory/people/listed.ts';
import { csvLine } from '../../operate/csv.ts';
import { OperateError } from '../../operate/errors.ts';
import { listPeople, type PeopleFilter } from '../../operate/people/list.ts';
import { REASON_CODES, reasonOf } from '../../operate/people/reasons.ts';
import type { PersonRow } from '../../operate/people/row.ts';
import { compact } from '../../runtime/compact.ts';
import { SCIM } from '../../tenant/vocabulary.ts';
import type { PageContext, ShowPage } from '../page.ts';
import { may } from '../session/role.ts';
import { type Html, html, NOTHING } from '../view/html.ts';
import { href, personPath } from '../view/link.ts';
import { counted, plain, state, text, time } from '../view/shown.ts';
import { type Column, paging, table } from '../view/table.ts';

const PAGE = 50;
/** A page has its size; others are asked for in the address. */
const MOST_RULES = 100;
const FILTERS = ['search', 'state', 'reason', 'source', 'group', 'rule'] as const;

/** Everybody, as far as the filters in the address let them pass. */
export const people: ShowPage = async (context) => {
  const { request, services, provisioning, base } = context;
  const filter = filterOf(request.query);
  const after = request.query.get('after') ?? undefined;
  const found = await listPeople(services, provisioning, filter, {
    limit: PAGE,
    ...compact({ after }),
  }).catch((error: unknown) => {
    if (error instanceof OperateError && error.code === 'unknown-group') return error;
    throw error;
  });
  const query = queryOf(filter);
  const list =
    found instanceof OperateError
      ? html`<p class="notice amber">${text(found.message, 1_000)}</p>`
      : html`${listOf(context, found.people)}
${paging(after === undefined ? undefined : href(base, 'people', query), found.next === undefined ? undefined : href(base, 'people', { ...query, after: found.next }))}`;
  const canRetry =
    may(context.session.role, 'operator') &&
    filter.state !== undefined &&
    ['failed', 'due'].includes(filter.state);
  return {
    title: 'People',
    body: html`${filterForm(context, filter)}
<div id="list" data-live="0">${list}
<p class="buttons"><a class="button" href="${href(base, 'people.csv', query)}">Download as CSV</a>${canRetry ? html` <a class="button" data-dialog href="${href(base, 'people/retry', query)}">Retry all of these</a>` : NOTHING}</p></div>`,
  };
};

function filterForm({ base, provisioning }: PageContext, filter: PeopleFilter): Html {
  const options = (values: readonly (readonly [string, string])[], chosen: string | undefined) =>
    [['', 'any'] as const, ...values].map(
      ([value, name]) =>
        html`<option value="${plain(value, 300)}"${value === (chosen ?? '') ? html` selected` : NOTHING}>${plain(name, 80)}</option>`,
    );
  const named = (values: readonly string[]) => values.map((each) => [each, each] as const);
  const reasons = REASON_CODES.map((code) => [code, reasonOf(code).text] as const);
  const rules = [
    ...new Set([
      ...provisioning.tenant.rules.map(({ name }) => name),
      ...(filter.rule === undefined ? [] : [filter.rule]),
    ]),
  ].slice(0, MOST_RULES);
  const sources = [SCIM, ...Object.keys(provisioning.tenant.sources)];
  return html`<form class="filters" action="${base}/people" role="search" data-typed="list">
<div><label for="search">userName, e-mail, externalId, id or agent id</label><input id="search" name="search" type="search" value="${plain(filter.search, 500)}" autocomplete="off"></div>
<div><label for="state">State</label><select id="state" name="state">${options(named(LISTED_STATES), filter.state)}</select></div>
<div><label for="reason">Reason</label><select id="reason" name="reason">${options(reasons, filter.reason)}</select></div>
<div><label for="source">Source</label><select id="source" name="source">${options(named(sources), filter.source)}</select></div>
<div><label for="rule">Rule</label><select id="rule" name="rule">${options(named(rules), filter.rule)}</select></div>
<div><label for="group">Group</label><input id="group" name="group" value="${plain(filter.group, 500)}" autocomplete="off"></div>
<div><button>Filter</button> <a href="${base}/people">All</a></div></form>`;
}

function listOf({ base }: PageContext, rows: readonly PersonRow[]): Html {
  if (rows.length === 0) {
    return html`<p>Nobody is listed here. People come from the identity provider or another source; take a filter away to see all.</p>`;
  }
  const columns: Column<PersonRow>[] = [
    {
      name: 'Person',
      kind: 'name',
      cell: ({ id, userName, email }) =>
        html`<a href="${href(base, personPath(id))}">${text(userName)}</a>${email === undefined || email === userName ? NOTHING : html`<br><span class="quiet">${text(email)}</span>`}`,
    },
    { name: 'State', cell: (row) => state(row.state) },
    { name: 'Why', kind: 'why', cell: ({ why }) => text(why, 240) },
    { name: 'Since', cell: ({ since }) => time(since) },
    { name: 'Source', cell: ({ source }) => text(source) },
    {
      name: 'Agent',
      cell: ({ agentId }) => (agentId === undefined ? NOTHING : html`<code>${text(agentId)}</code>`),
    },
  ];
  return table(`${counted(rows.length, 'person')} on this page`, columns, rows);
}

/** More than this is downloaded in parts: an answer of a function has six megabytes at most. */
const MOST_CHARACTERS = 3_000_000;
const HEADINGS = [
  'userName',
  'email',
  'externalId',
  'state',
  'reason',
  'why',
  'since',
  'nextTry',
  'source',
  'agentId',
  'id',
];

/** The list as CSV; the last line of one that was cut says where the rest begins. */
export const peopleCsv: ShowPage = async ({ request, services, provisioning, base }) => {
  const filter = filterOf(request.query);
  let after = request.query.get('after') ?? undefined;
  let content = csvLine(HEADINGS);
  do {
    const page = await listPeople(services, provisioning, filter, { limit: 500, ...compact({ after }) });
    for (const row of page.people) {
      const { userName, email = '', externalId = '', nextTry = '', agentId = '' } = row;
      content += csvLine([
        userName,
        email,
        externalId,
        row.state,
        row.reason,
        row.why,
        row.since,
        nextTry,
        row.source,
        agentId,
        row.id,
      ]);
    }
    after = page.next;
  } while (after !== undefined && content.length < MOST_CHARACTERS);
  if (after !== undefined) {
    const rest = href(base, 'people.csv', { ...queryOf(filter), after });
    content += csvLine(['# more people are at', `${request.origin}${rest}`]);
  }
  return { fileName: `people-${request.tenant}.csv`, contentType: 'text/csv; charset=utf-8', content };
};

/** What the address asks for; a state or reason that there isn't is none. */
export function filterOf(query: URLSearchParams): PeopleFilter {
  const given = (name: (typeof FILTERS)[number]) => query.get(name)?.trim() || undefined;
  const [asked, why] = [given('state'), given('reason')];
  return compact({
    search: given('search'),
    state: LISTED_STATES.find((each) => each === asked),
    reason: REASON_CODES.find((each) => each === why),
    source: given('source'),
    group: given('group'),
    rule: given('rule'),
  });
}

export function queryOf(filter: PeopleFilter): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(FILTERS.map((name) => [name, filter[name]]));
}
