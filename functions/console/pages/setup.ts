import { clientName, type SetUpView, viewSetUp } from '../../operate/tenant/setup.ts';
import type { PageContext, ShowPage } from '../page.ts';
import { may } from '../session/role.ts';
import { type Html, html, NOTHING } from '../view/html.ts';
import { href } from '../view/link.ts';
import { mark, text, time } from '../view/shown.ts';
import { table } from '../view/table.ts';

/** What is copied into an identity provider and its sources, whether they were heard, and what is missing. */
export const setUp: ShowPage = async (context) => {
  const { services, provisioning, base, request, session } = context;
  const view = await viewSetUp(provisioning, services);
  const scim = `${request.origin}/${request.tenant}/scim/v2`;
  const make = may(session.role, 'admin')
    ? html`<a class="button" href="${href(base, 'set-up/token')}">Make a token…</a>`
    : html`<span class="quiet">An admin makes a token here.</span>`;
  return {
    title: 'Set-up',
    body: html`<section aria-labelledby="scim"><h2 id="scim">By SCIM</h2>
<dl><dt>Base URL</dt><dd><code>${scim}</code></dd><dt>Token</dt><dd>${make}</dd></dl>
<div id="heard" data-live="5">${heardOf(view)}</div>
<details><summary>Okta</summary><ol>
<li>Applications → Browse App Catalog → <strong>SCIM 2.0 Test App (Header Auth)</strong>, or an app of your own with SCIM provisioning.</li>
<li>Provisioning → Integration: the SCIM connector base URL is <code>${scim}</code>, the unique identifier field for users is <code>userName</code>, the authentication mode is HTTP Header, with the token.</li>
<li>Test Connector Configuration. Then Provisioning → To App: enable Create Users, Update User Attributes and Deactivate Users.</li>
<li>Assign the groups of your contact centre, and push those that the rules name.</li></ol></details>
<details><summary>Microsoft Entra ID</summary><ol>
<li>Enterprise applications → New application → Create your own application → any other application you don't find in the gallery.</li>
<li>Provisioning → New configuration: the Tenant URL is <code>${scim}?aadOptscim062020</code>, the Secret token is the token.</li>
<li>Test connection. Under Mappings, map <code>objectId</code> to <code>externalId</code>.</li>
<li>Users and groups: assign the groups of your contact centre; then Start provisioning.</li></ol></details>
<details><summary>Another client of SCIM 2.0</summary><ol><li>Its base URL or tenant URL is <code>${scim}</code>.</li><li>It sends the token as <code>Authorization: Bearer …</code>.</li></ol></details></section>
<section aria-labelledby="others"><h2 id="others">By other sources</h2><div id="sources" data-live="5">${sourcesOf(context, view)}</div></section>
<section aria-labelledby="doctor"><h2 id="doctor">How it stands</h2><div id="findings" data-live="15">${findingsOf(view)}</div><p>SmartAssist's own side takes calls, and the installation takes rights on AWS: <code>agent-provisioner doctor</code> looks at both.</p></section>`,
  };
};

function heardOf({ tokens, clients }: SetUpView): Html {
  const latest = clients[0];
  const said =
    latest === undefined
      ? html`<p>${mark('amber')} Waiting for the first request…</p>`
      : html`<p>${mark('green')} Heard from ${text(clientName(latest))}, ${time(latest.lastAt)}.</p>`;
  if (tokens === undefined)
    return html`${said}<p>${mark('red')} The secret with the tokens can not be read.</p>`;
  if (tokens.length === 0) return html`${said}<p>There is no token yet.</p>`;
  return html`${said}${table(
    'Tokens that open SCIM, by the beginning of their digests',
    [
      { name: 'Digest', cell: ({ digest }) => html`<code>${digest}…</code>` },
      {
        name: 'Used by',
        kind: 'why',
        cell: ({ heard }) =>
          heard === undefined
            ? html`<span class="quiet">not used yet</span>`
            : html`${text(clientName(heard))}, first ${time(heard.firstAt)}, last ${time(heard.lastAt)} (to the hour)`,
      },
    ],
    tokens,
  )}`;
}

function sourcesOf({ base, request }: PageContext, { sources }: SetUpView): Html {
  if (sources.length === 0) {
    return html`<p>None is configured. Webhooks and readings are written into <code>sources</code> of provisioner.yaml, and come with <code>push</code>.</p>`;
  }
  return html`${sources.map(({ name, preset, state, sync, isRead, hasSecret }) => {
    const heard = state.heardAt ?? sync.complete?.at;
    return html`<h3>${heard === undefined ? mark('amber') : mark('green')} <a href="${href(base, `sources/${encodeURIComponent(name)}`)}">${text(name)}</a> <span class="quiet">${text(preset)}</span></h3><ol>
<li>${isRead ? html`It is read: its credentials are <code>sources.${text(`${name}.fetch`)}</code> in the secret <code>door</code>. Its webhook, where it has one, goes to` : html`At the provider, make its webhook, hook or stream to`} <code>${request.origin}/${request.tenant}/hooks/${name}</code></li>
<li>${hasSecret ? html`${mark('green')} Its secret is in the secret <code>door</code>.` : html`${mark('amber')} Put its signing secret into the secret <code>door</code>, under <code>sources.${text(name)}</code>: <code>agent-provisioner secret set door --file …</code>`}</li>
<li>${heard === undefined ? 'Waiting for the first request…' : html`${mark('green')} Heard from ${text(name)}, ${time(heard)}.`}</li></ol>`;
  })}`;
}

const COLOURS = { '✓': 'green', '!': 'amber', '✗': 'red' } as const;

function findingsOf({ findings }: SetUpView): Html {
  return html`<ul>${findings.map(({ mark: sign, what, found, advice }) => html`<li>${mark(COLOURS[sign])} <strong>${text(what)}</strong>: ${text(found, 400)}${advice === undefined ? NOTHING : html`<br>${text(advice, 400)}`}</li>`)}</ul>`;
}
