import { may, type Role } from '../session/role.ts';
import type { Session } from '../session/session.ts';
import { type Html, html, NOTHING } from './html.ts';
import { href } from './link.ts';
import { plain, text } from './shown.ts';

/** A page that the navigation leads to. */
interface Tab {
  readonly path: string;
  readonly name: string;
  readonly role: Role;
}

const TABS: readonly Tab[] = [
  { path: '', name: 'Now', role: 'viewer' },
  { path: 'people', name: 'People', role: 'viewer' },
  { path: 'failures', name: 'Failures', role: 'viewer' },
  { path: 'brake', name: 'Brake and confirmations', role: 'viewer' },
  { path: 'mapping', name: 'Mapping', role: 'viewer' },
  { path: 'sources', name: 'Sources', role: 'viewer' },
  { path: 'reconciliation', name: 'Reconciliation', role: 'viewer' },
  { path: 'set-up', name: 'Set-up', role: 'viewer' },
  { path: 'audit', name: 'Audit', role: 'viewer' },
];

export interface Layout {
  readonly title: string;
  readonly base: string;
  readonly tenant: string;
  /** Absent on pages that are shown before sign-in. */
  readonly session?: Session;
  /** The first part of the path, which is a tab's. */
  readonly tab?: string;
  /** That calls to SmartAssist are paused, by whom and why. */
  readonly paused?: string;
  readonly body: Html;
}

/** A whole document around a page. */
export async function documentOf({
  title,
  base,
  tenant,
  session,
  tab,
  paused,
  body,
}: Layout): Promise<string> {
  const { assetPath } = await import('../assets/assets.ts');
  const whole = await html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${plain(title, 60)} · ${tenant} · Agent Provisioner</title>
<link rel="stylesheet" href="${base}/${assetPath('style.css')}">
<link rel="icon" type="image/svg+xml" href="${base}/${assetPath('icon.svg')}">
<script src="${base}/${assetPath('script.js')}" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top">
<p class="product"><a href="${base}">Agent Provisioner</a> <span class="tenant">${tenant}</span></p>
${session === undefined ? NOTHING : operatorOf(base, session)}
</header>
${session === undefined ? NOTHING : navigation(base, session, tab)}
<main id="main" tabindex="-1">
<h1>${text(title)}</h1>
${paused === undefined ? NOTHING : html`<p class="notice amber">Calls to SmartAssist: ${text(paused, 400)} What takes calls is done after Resume, on <a href="${base}">Now</a>.</p>`}
${body}
</main>
<div id="said" class="unseen" role="status" aria-live="polite"></div>
</body>
</html>
`;
  return whole.toString();
}

function operatorOf(base: string, { name, role }: Session): Html {
  return html`<form class="operator" method="post" action="${base}/sign-out"><span>${text(name, 60)} <span class="quiet">(${role})</span></span><button class="small">Sign out</button></form>`;
}

function navigation(base: string, session: Session, current: string | undefined): Html {
  const items = TABS.filter(({ role }) => may(session.role, role)).map(({ path, name }) => {
    const here = path === current ? html` aria-current="page"` : NOTHING;
    return html`<li><a href="${href(base, path)}"${here}>${name}</a></li>`;
  });
  return html`<nav aria-label="Console"><ul>${items}</ul></nav>`;
}
