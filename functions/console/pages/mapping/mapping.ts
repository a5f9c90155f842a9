import {
  listMappingGenerations,
  type MappingHistory,
  type MappingView,
  viewMapping,
} from '../../../operate/configuration/mapping-view.ts';
import { csvLine } from '../../../operate/csv.ts';
import { pathText } from '../../../tenant/problem.ts';
import type { PageContext, ShowPage } from '../../page.ts';
import { may } from '../../session/role.ts';
import { type Html, html, NOTHING } from '../../view/html.ts';
import { href } from '../../view/link.ts';
import { counted, mark, text, time } from '../../view/shown.ts';
import { paging, table } from '../../view/table.ts';

/** Rules that are shown; the CSV has all. */
const SHOWN = 200;

/** The mapping in force: its rules with how many people each is for, its names, and how it came to be. */
export const mapping: ShowPage = async (context) => {
  const { services, provisioning, base, request, session } = context;
  const [view, history] = await Promise.all([
    viewMapping(services, provisioning),
    listMappingGenerations(services.directory, provisioning.name, beforeOf(request.query)),
  ]);
  const { active, tenant } = view;
  const change = may(session.role, 'operator')
    ? html`<a class="button" href="${href(base, 'mapping/edit')}">Change the mapping</a> `
    : NOTHING;
  return {
    title: 'Mapping',
    body: html`<p>${active === undefined ? 'No generation is active yet.' : html`Generation <strong>${active.number}</strong> is active, ${time(active.at)}.`} To be an agent: <code>${text(tenant.provisionWhen, 1_000)}</code></p>
<div class="buttons">${active === undefined ? NOTHING : change}<a class="button" href="${href(base, 'mapping/try')}">Try a person</a> <a class="button" href="${href(base, 'mapping.yaml')}">Save as YAML</a></div>
<section aria-labelledby="rules"><h2 id="rules">Rules</h2>${rulesOf(context, view)}</section>
<section aria-labelledby="names"><h2 id="names">Names in SmartAssist</h2>${namesOf(view)}</section>
<section aria-labelledby="history"><h2 id="history">History</h2>${historyOf(context, history)}</section>`,
  };
};

function rulesOf({ base }: PageContext, { tenant, rules: counts }: MappingView): Html {
  if (tenant.rules.length === 0)
    return html`<p>There are none: agents have what <code>agent</code> takes from the person.</p>`;
  const countOf = new Map(counts?.rules.map(({ name, count }) => [name, count]));
  const said =
    counts === undefined
      ? html`<p>How many people each rule is for is counted when everybody is looked at, which is within minutes of the first person.</p>`
      : html`<p>Counted ${time(counts.at)} over ${counted(counts.persons, 'person')}, of whom ${counts.wanted.toLocaleString('en')} are to be agents.${counts.isOfOtherMapping ? ' That was another mapping; it is counted anew within minutes.' : ''}</p>`;
  const empty = counts?.empty ?? [];
  return html`${said}${
    empty.length === 0
      ? NOTHING
      : html`<h3>${mark('amber')} Rules that apply to no person</h3><ul>${empty.map(({ name, since, unknownGroups }) => html`<li><strong>${text(name)}</strong>, since ${time(since)}.${unknownGroups.map((group) => html` There is no group ${text(group.name)} here${group.near.length === 0 ? '' : html`; near are ${text(group.near.join(', '), 300)}`}.`)}</li>`)}</ul>`
  }
${table(
  `${counted(tenant.rules.length, 'rule')}${tenant.rules.length > SHOWN ? `, the first ${SHOWN} shown` : ''}, from top to bottom`,
  [
    { name: 'Rule', kind: 'name', cell: ({ name }) => text(name) },
    {
      name: 'For whom',
      kind: 'why',
      cell: ({ when }) => (when === undefined ? html`everybody` : html`<code>${text(when, 400)}</code>`),
    },
    {
      name: 'People',
      kind: 'number',
      cell: ({ name }) => {
        const count = countOf.get(name);
        return count === undefined
          ? html`<span class="quiet">not counted</span>`
          : html`<a href="${href(base, 'people', { rule: name })}">${count.toLocaleString('en')}</a>`;
      },
    },
  ],
  tenant.rules.slice(0, SHOWN),
)}<p><a class="button" href="${href(base, 'mapping.csv')}">Download as CSV</a></p>`;
}

function namesOf({ names, namesReadAt }: MappingView): Html {
  if (namesReadAt === undefined) {
    return html`<p>They are not known here yet: they are read with the first person.</p>`;
  }
  const read = time(new Date(namesReadAt).toISOString());
  if (names.length === 0) {
    return html`<p>${mark('green')} SmartAssist has every name that the mapping speaks of, read ${read}.</p>`;
  }
  return html`<p>${mark('red')} ${counted(names.length, 'name')} ${names.length === 1 ? 'is' : 'are'} not there, read ${read}: whoever needs one fails.</p><ul>${names.slice(0, SHOWN).map(({ path, message }) => html`<li><code>${text(pathText(path), 200)}</code>: ${text(message, 400)}</li>`)}</ul>`;
}

function historyOf({ base, session }: PageContext, { generations, next }: MappingHistory): Html {
  const canPlan = may(session.role, 'operator');
  if (generations.length === 0)
    return html`<p>None changed this tenant here.</p>${paging(undefined, next === undefined ? undefined : href(base, 'mapping', { before: String(next) }))}`;
  return html`${table(
    'Generations that changed this tenant, the newest first',
    [
      { name: 'Generation', cell: ({ entry }) => html`${entry.number}` },
      { name: 'Since', cell: ({ entry }) => time(entry.at) },
      { name: 'By', kind: 'name', cell: ({ entry }) => text(entry.by) },
      {
        name: 'Why',
        kind: 'why',
        cell: ({ entry }) =>
          html`${entry.restores === undefined ? NOTHING : html`back to ${entry.restores}. `}${entry.reason === undefined ? NOTHING : text(entry.reason, 300)}`,
      },
      { name: 'Changed', kind: 'why', cell: ({ changed }) => text(changed.join(', '), 200) },
      ...(canPlan
        ? [
            {
              name: 'Go back',
              cell: ({ entry }: MappingHistory['generations'][number]) =>
                html`<a class="button small" data-dialog href="${href(base, `mapping/back/${entry.number}`)}">Plan going back</a>`,
            },
          ]
        : []),
    ],
    generations,
  )}${paging(undefined, next === undefined ? undefined : href(base, 'mapping', { before: String(next) }))}`;
}

function beforeOf(query: URLSearchParams): number | undefined {
  const before = Number(query.get('before') ?? '');
  return Number.isSafeInteger(before) && before > 0 ? before : undefined;
}

export const mappingCsv: ShowPage = async ({ services, provisioning, request }) => {
  const { tenant, rules } = await viewMapping(services, provisioning);
  const countOf = new Map(rules?.rules.map(({ name, count }) => [name, count]));
  const rows = tenant.rules.map(({ name, when = '' }) =>
    csvLine([name, when, String(countOf.get(name) ?? '')]),
  );
  const content = [csvLine(['rule', 'when', 'people']), ...rows].join('');
  return { fileName: `rules-${request.tenant}.csv`, contentType: 'text/csv; charset=utf-8', content };
};

/** The keys of the tenant that can be changed here, to be taken over into provisioner.yaml. */
export const mappingYaml: ShowPage = async ({ services, provisioning, request }) => {
  const { mappingText } = await import('../../../mapping/mapping-text.ts');
  const content = mappingText((await viewMapping(services, provisioning)).tenant);
  return {
    fileName: `mapping-${request.tenant}.yaml`,
    contentType: 'application/yaml; charset=utf-8',
    content,
  };
};
