import { recordAction } from '../../operate/audit.ts';
import { newToken } from '../../operate/tenant/token.ts';
import type { ShowPage } from '../page.ts';
import { ask, done } from '../view/ask.ts';
import { html } from '../view/html.ts';
import { href } from '../view/link.ts';
import { actorOf } from './actor.ts';

const KEPT = html`its digest goes into the secret <code>door</code> at once, beside those that are there`;
const GIVEN = html`its digest goes into the secret <code>door</code> by a command with rights on AWS, which the next page has: this console may not write secrets`;

export const askToken: ShowPage = async ({ base, keepToken }) => ({
  title: 'Make a token',
  body: ask({
    action: `${base}/set-up/token`,
    will: html`<p><strong>1 bearer token</strong> is made, which opens all of SCIM for this tenant. It is shown once and kept nowhere; ${keepToken === undefined ? GIVEN : KEPT}. No person is changed.</p>`,
    button: 'Make a token',
    cancel: href(base, 'set-up'),
    isGrave: true,
  }),
});

/** Makes a token and shows it once: the answer is not stored by the browser, and going back to it sends nothing. */
export const makeToken: ShowPage = async (context) => {
  const { services, provisioning, base, keepToken } = context;
  const { name } = provisioning;
  const { token, digest } = newToken();
  await keepToken?.(name, digest);
  const shown = digest.slice('sha256:'.length, 'sha256:'.length + 8);
  await recordAction(services, name, actorOf(context), 'token make', { digest: shown });
  const next =
    keepToken === undefined
      ? html`<p>It opens the door once its digest is in the secret <code>door</code>. With rights on AWS:</p><pre>agent-provisioner secret set door --tenant ${name} --table TABLE --add-token ${digest}</pre>`
      : html`<p>It opens the door within 30 seconds. On one machine it goes with the server: a token that stays is given as <code>SCIM_TOKEN</code>.</p>`;
  return {
    title: 'The token',
    body: html`<p>Copy it into the identity provider now; it is not shown again.</p><pre id="token">${token}</pre>${next}${done(html`<p>Its digest begins with <code>${shown}</code>.</p>`, { back: href(base, 'set-up'), audit: href(base, 'audit') })}`,
  };
};
