import { OperateError } from '../../../operate/errors.ts';
import { listRefused, mayBeRead, type SourceView, viewSources } from '../../../operate/sources.ts';
import { hasWebhook } from '../../../providers/samples.ts';
import { compact } from '../../../runtime/compact.ts';
import { shortId } from '../../../runtime/correlation.ts';
import { wasRead } from '../../../sources/sync/next.ts';
import { SCIM } from '../../../tenant/vocabulary.ts';
import type { PageContext, ShowPage } from '../../page.ts';
import { may } from '../../session/role.ts';
import { type Html, html, NOTHING } from '../../view/html.ts';
import { href } from '../../view/link.ts';
import { counted, mark, text, time, value } from '../../view/shown.ts';
import { paging, table } from '../../view/table.ts';
import { condition } from './condition.ts';
import { dryRunSection } from './dry-run.ts';

const PAGE = 25;

/** One source, with the requests of it that were refused. */
export const source: ShowPage = async (context) => {
  const { services, provisioning, base, request, params } = context;
  const name = params.name ?? '';
  const view = (await viewSources(services, provisioning)).find((each) => each.name === name);
  if (view === undefined && name !== SCIM) throw new OperateError('invalid', `there is no source ${name}`);
  const after = request.query.get('after') ?? undefined;
  const of = view === undefined ? undefined : name;
  const { entries, next } = await listRefused(services, provisioning.name, of, {
    limit: PAGE,
    ...compact({ after }),
  });
  const here = href(base, `sources/${encodeURIComponent(name)}`);
  return {
    title: `Source ${name}`,
    body: html`${view === undefined ? NOTHING : sourceBody(context, view, here)}
<section aria-labelledby="refused"><h2 id="refused">Refused in seven days</h2>${
      entries.length === 0
        ? html`<p>${mark('green')} None.</p>`
        : table(
            `${counted(entries.length, 'request')} on this page, the newest first`,
            [
              { name: 'When', cell: ({ at }) => time(at) },
              { name: 'Id', cell: ({ id }) => (id === undefined ? NOTHING : text(shortId(String(id)))) },
              {
                name: 'Reason',
                kind: 'why',
                cell: ({ code, status, scimType, message, detail }) =>
                  html`<strong>${text(code ?? [status, scimType].filter((each) => each !== undefined).join(' '))}</strong> ${text(message ?? detail, 600)}`,
              },
              {
                name: 'Request',
                kind: 'why',
                cell: ({ method, endpoint, userName, client, bytes }) =>
                  html`${text([method, endpoint].filter((each) => each !== undefined).join(' '))}${userName === undefined ? NOTHING : html` of ${text(userName)}`}${client === undefined ? NOTHING : html` by ${text(client)}`}${bytes === undefined ? NOTHING : html`, ${text(bytes)} bytes`}`,
              },
              {
                name: 'Headers',
                kind: 'why',
                cell: ({ headers }) =>
                  headers === undefined
                    ? NOTHING
                    : html`<details><summary>shown without secrets</summary>${value(headers, 2_000)}</details>`,
              },
            ],
            entries,
          )
    }${paging(after === undefined ? undefined : here, next === undefined ? undefined : `${here}?${new URLSearchParams({ after: next })}`)}</section>`,
  };
};

function sourceBody({ request, session, now }: PageContext, view: SourceView, here: string): Html {
  const { name, preset, state, sync, isRead } = view;
  const last = (['full', 'delta', 'initial'] as const).flatMap((kind) => {
    const finished = sync[kind];
    return finished === undefined ? [] : [{ kind, ...finished }];
  });
  const action = (path: string, words: string) =>
    html`<a class="button" data-dialog href="${here}/${path}">${words}</a> `;
  const trial = hasWebhook(preset)
    ? html`<a class="button" href="${here}/try-event">Test event</a>`
    : NOTHING;
  const actions = may(session.role, 'operator')
    ? html`<div class="buttons">${state.paused === undefined ? action('pause', 'Pause') : action('resume', 'Resume')}${isRead ? action('dry-run', 'Dry run') : NOTHING}${isRead && mayBeRead(sync, now) ? action('sync', wasRead(sync) ? 'Read everybody now' : 'Read everybody for the first time') : NOTHING}${trial}</div>`
    : html`<div class="buttons">${trial}</div>`;
  return html`<div id="source" data-live="${state.dryRunWanted === undefined ? 15 : 5}"><p>${condition(view)}</p><dl>
<dt>Preset</dt><dd>${text(preset)}</dd>
<dt>Address for its webhook</dt><dd><code>${request.origin}/${request.tenant}/hooks/${name}</code></dd>
<dt>Last heard</dt><dd>${time(state.heardAt)}</dd>
${state.subscription === undefined ? NOTHING : html`<dt>Subscription until</dt><dd>${time(state.subscription.expiresAt)}</dd>`}
${state.notice === undefined ? NOTHING : html`<dt>It said</dt><dd>${text(`${state.notice.type} ${state.notice.detail}`, 300)}, ${time(state.notice.at)}</dd>`}
${state.unread === undefined ? NOTHING : html`<dt>Its readings don't tell</dt><dd>${text(state.unread.what, 300)}</dd>`}
${state.syncWanted === undefined ? NOTHING : html`<dt>To be read</dt><dd>${text(state.syncWanted.kind)}: ${text(state.syncWanted.reason, 300)}</dd>`}
${sync.problem === undefined ? NOTHING : html`<dt>Its reading failed</dt><dd>${text(sync.problem.reason, 400)}, ${time(sync.problem.at)}</dd>`}
${sync.underWay === undefined ? NOTHING : html`<dt>Being read</dt><dd>${sync.underWay.kind}, ${counted(sync.underWay.people, 'person')} so far</dd>`}
</dl>${actions}${dryRunSection(view)}
${
  last.length === 0
    ? NOTHING
    : html`<h2>Readings</h2>${table(
        'The last of each kind',
        [
          { name: 'Kind', cell: ({ kind }) => html`${kind}` },
          { name: 'Ended', cell: ({ finishedAt }) => time(finishedAt) },
          {
            name: 'Outcome',
            kind: 'why',
            cell: ({ outcome, reason }) =>
              html`${outcome}${reason === undefined ? NOTHING : html`: ${text(reason, 300)}`}`,
          },
          { name: 'Rows', kind: 'number', cell: ({ rows }) => html`${rows}` },
          {
            name: 'Found',
            kind: 'why',
            cell: ({ counts }) =>
              text(
                Object.entries(counts)
                  .map(([verdict, count]) => `${count} ${verdict}`)
                  .join(', '),
                300,
              ),
          },
        ],
        last,
      )}`
}</div>`;
}
