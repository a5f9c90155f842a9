import { viewSources } from '../../../operate/sources.ts';
import { SCIM } from '../../../tenant/vocabulary.ts';
import type { ShowPage } from '../../page.ts';
import { html, NOTHING } from '../../view/html.ts';
import { href } from '../../view/link.ts';
import { counted, text, time } from '../../view/shown.ts';
import { table } from '../../view/table.ts';
import { condition } from './condition.ts';

/** Where people come from, and how each source fares. */
export const sources: ShowPage = async ({ services, provisioning, base, request }) => {
  const views = await viewSources(services, provisioning);
  const scim = `${request.origin}/${request.tenant}/scim/v2`;
  return {
    title: 'Sources',
    body: html`<div id="sources" data-live="15"><section aria-labelledby="scim"><h2 id="scim">SCIM</h2><p>Base URL: <code>${scim}</code></p><p><a href="${href(base, `sources/${SCIM}`)}">Refused requests of SCIM</a></p></section>
<section aria-labelledby="others"><h2 id="others">Other sources</h2>${
      views.length === 0
        ? html`<p>None is configured. Webhooks and readings are written into <code>sources</code> of the configuration.</p>`
        : table(
            counted(views.length, 'source'),
            [
              {
                name: 'Source',
                kind: 'name',
                cell: ({ name, preset }) =>
                  html`<a href="${href(base, `sources/${encodeURIComponent(name)}`)}">${text(name)}</a><br><span class="quiet">${text(preset)}</span>`,
              },
              { name: 'Is', kind: 'why', cell: (view) => condition(view) },
              { name: 'Last heard', cell: ({ state }) => time(state.heardAt) },
              {
                name: 'Last read as a whole',
                cell: ({ sync, isRead }) =>
                  isRead ? time(sync.complete?.at) : html`<span class="quiet">is not read</span>`,
              },
              {
                name: 'Subscription until',
                cell: ({ state }) =>
                  state.subscription === undefined ? NOTHING : time(state.subscription.expiresAt),
              },
            ],
            views,
          )
    }</section></div>`,
  };
};
