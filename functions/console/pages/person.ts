import type { Clause } from '../../mapping/rules/clauses.ts';
import { OperateError } from '../../operate/errors.ts';
import { explainRecord } from '../../operate/people/explanation.ts';
import { type LiveAgent, readLiveAgent } from '../../operate/people/live-agent.ts';
import { rowOf } from '../../operate/people/row.ts';
import { scopeOf } from '../../operate/people/scope.ts';
import { sourcesOfRecord } from '../../operate/people/sources.ts';
import { compact } from '../../runtime/compact.ts';
import { readPerson } from '../actions/provision.ts';
import type { PageContext, ShowPage } from '../page.ts';
import { may } from '../session/role.ts';
import { isPrivate, whyOf } from '../view/agent.ts';
import { type Html, html, NOTHING } from '../view/html.ts';
import { href, personPath } from '../view/link.ts';
import { mark, state, text, time } from '../view/shown.ts';
import { paging, table } from '../view/table.ts';
import { timeline } from '../view/timeline.ts';

const CHANGES = 20;

/** One person: where the agent stands, why it looks so, and what happened. */
export const person: ShowPage = async (context) => {
  const { services, provisioning, base, request } = context;
  const { directory } = services;
  const record = await readPerson(context);
  const catalogue = await provisioning.catalogue.known();
  const after = request.query.get('after') ?? undefined;
  const [explained, groups, history] = await Promise.all([
    explainRecord(provisioning, catalogue, record, directory, services.clock.now()),
    directory.groupsOf(provisioning.name, record.id),
    directory.listHistory(provisioning.name, record.id, {
      limit: CHANGES,
      ...compact({ after }),
    }),
  ]);
  const scope = await scopeOf(services, provisioning.tenant, record);
  const live =
    request.query.get('live') === '1'
      ? await readLiveAgent(provisioning, services, record, explained.payload, catalogue).catch(
          (error: unknown) => {
            if (error instanceof OperateError) return error;
            throw error;
          },
        )
      : undefined;
  const row = rowOf(record);
  const here = href(base, personPath(record.id));
  const sources = sourcesOfRecord(record);
  return {
    title: record.person.userName,
    body: html`
<div id="standing" data-live="10">
<p>${state(row.state)} ${text(row.why, 600)} <span class="quiet">Since ${time(row.since)}.</span></p>
${record.attempts.lastError === undefined ? NOTHING : html`<blockquote>${text(record.attempts.lastError.message, 1_000)}</blockquote>`}
<dl>
<dt>E-mail</dt><dd>${row.email === undefined ? html`<span class="quiet">none</span>` : text(row.email)}</dd>
<dt>In service</dt><dd>${record.person.active === false ? 'no' : 'yes'}</dd>
<dt>Groups</dt><dd>${groups.length === 0 ? html`<span class="quiet">none</span>` : groups.map(({ display }, i) => html`${i > 0 ? ', ' : ''}${text(display)}`)}</dd>
<dt>Agent</dt><dd>${row.agentId === undefined ? html`<span class="quiet">its id is not known</span>` : html`<code>${text(row.agentId)}</code>`} (in SmartAssist: ${record.agent.presence}, customId <code>${text(record.agent.customId)}</code>)</dd>
<dt>Ids</dt><dd><code>${text(record.id)}</code>${row.externalId === undefined ? NOTHING : html`, externalId <code>${text(row.externalId)}</code>`}</dd>
${row.nextTry === undefined ? NOTHING : html`<dt>Next try</dt><dd>${time(row.nextTry)}</dd>`}
${row.deletedAt === undefined ? NOTHING : html`<dt>Deleted</dt><dd>by the source, ${time(row.deletedAt)}</dd>`}
</dl></div>
${actions(context, here, record.id, record.held !== undefined)}
<section aria-labelledby="why"><h2 id="why">Why this agent looks so</h2>
${whyOf(explained, catalogue, record.deletedAt !== undefined)}</section>
<section aria-labelledby="scope"><h2 id="scope">Scope</h2>
<p>To be an agent (provisionWhen):</p><ul>${clauseItem(scope.provisionWhen)}</ul>
${scope.authority.outBy.length === 0 ? NOTHING : html`<p>Held out of service by ${text(scope.authority.outBy.join(', '))}.</p>`}
<details><summary>Conditions of the rules</summary>${scope.rules.map(({ name, when }) => html`<h3>${text(name)}</h3><ul>${clauseItem(when)}</ul>`)}</details></section>
<section aria-labelledby="live"><h2 id="live">In SmartAssist now</h2>${liveBody(live, here)}</section>
<section aria-labelledby="sources"><h2 id="sources">Sources</h2>
${table(
  'What each source says',
  [
    { name: 'Source', cell: ({ source }) => text(source) },
    { name: 'Ids', cell: ({ ids }) => text(ids.join(', ')) },
    {
      name: 'Says',
      cell: ({ status, since }) =>
        html`${{ in: 'in service', out: 'out of service', gone: 'deleted' }[status]}${since === undefined ? NOTHING : html` since ${time(since)}`}`,
    },
    { name: 'Gave', kind: 'why', cell: ({ attributes }) => text(attributes.join(', '), 300) },
  ],
  sources,
)}</section>
<section aria-labelledby="history"><h2 id="history">What happened</h2>
<div id="timeline" data-live="10">${history.entries.length === 0 ? html`<p>Nothing yet: what is done for this person is listed here for 90 days.</p>` : timeline(history.entries)}</div>
${paging(after === undefined ? undefined : here, history.next === undefined ? undefined : `${here}?${new URLSearchParams({ after: history.next })}`)}</section>`,
  };
};

/** A clause with whether it holds, what the person has there, and its parts. */
function clauseItem({ text: words, holds, has, parts = [] }: Clause): Html {
  return html`<li>${mark(holds ? 'green' : 'red')} <code>${text(words, 300)}</code>${has === undefined ? NOTHING : html` <span class="quiet">has ${isPrivate(words) ? 'something' : has.length === 0 ? 'nothing' : text(has.map(String).join(', '), 300)}</span>`}${parts.length === 0 ? NOTHING : html`<ul>${parts.map(clauseItem)}</ul>`}</li>`;
}

function liveBody(live: LiveAgent | OperateError | undefined, here: string): Html {
  const link = html`<p><a class="button small" href="${here}?live=1#live">Read the agent now (1 call)</a></p>`;
  if (live === undefined)
    return html`<p>What SmartAssist has is not read with every look: it takes a call.</p>${link}`;
  if (live instanceof OperateError)
    return html`<p class="notice red">SmartAssist can not be read: ${text(live.message, 600)}</p>${link}`;
  if (live.agentId === undefined)
    return html`<p class="notice amber">There is no agent in SmartAssist.</p>${link}`;
  const shown = (field: string, of: string) =>
    isPrivate(field) ? html`<span class="quiet">not shown</span>` : text(of, 400);
  return html`${table(
    `Agent ${live.agentId}`,
    [
      { name: 'Field', cell: ({ field }) => html`<code>${field}</code>` },
      { name: 'As it should be', kind: 'why', cell: ({ field, ours }) => shown(field, ours) },
      { name: 'In SmartAssist', kind: 'why', cell: ({ field, theirs }) => shown(field, theirs) },
      {
        name: 'Same',
        cell: ({ differs }) => html`${mark(differs ? 'amber' : 'green')} ${differs ? 'differs' : 'same'}`,
      },
    ],
    live.fields,
  )}${link}`;
}

function actions({ base, session }: PageContext, here: string, id: string, held: boolean): Html {
  if (!may(session.role, 'operator')) return NOTHING;
  return html`<div class="buttons"><a class="button" data-dialog href="${here}/provision">Provision now</a><a class="button" data-dialog href="${href(base, 'people/retry', { person: id })}">Retry</a>${held ? html`<a class="button" href="${href(base, 'brake')}">Release or discard</a>` : NOTHING}<a class="button" href="${here}/export">Export</a>${may(session.role, 'admin') ? html`<a class="button" href="${here}/erase">Erase</a>` : NOTHING}</div>`;
}
