import type { Services } from '../../provision/services.ts';
import { pageResult, redirectResult } from '../response.ts';
import { html } from '../view/html.ts';
import type { Access, Visited } from './access.ts';
import { cookieText } from './cookie.ts';
import type { LocalEntry } from './entry.ts';
import { recordSignIn } from './operator.ts';
import { SESSION_MS, sealSession } from './session.ts';

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/**
 * @param announce prints a new link where the server was started
 * @param keepToken puts a digest into a tenant's secret
 */
export function localAccess(
  services: Services,
  entry: LocalEntry,
  announce: (tenant: string) => void,
  keepToken?: Access['keepToken'],
): Access {
  const refused = ({ request, base }: Visited, words: string) =>
    pageResult(403, {
      title: 'Sign in',
      base,
      tenant: request.tenant,
      body: html`<p>${words}</p><p>Open the link that stands in the terminal where <code>npm start</code> runs. It is good for one use.</p><form method="post" action="${base}/link"><button class="main">Print a new link there</button></form>`,
    });
  return {
    isSecure: false,
    keepToken,
    isOpen: ({ request: { headers } }) => LOOPBACK.test(headers.host ?? ''),
    keysOf: async () => [entry.key],
    answer: async (visited) => {
      const { request, configuration, base, now } = visited;
      const [place, ...rest] = request.segments;
      if (rest.length > 0) return undefined;
      if (place === 'link' && request.method === 'POST') {
        announce(request.tenant);
        return refused(visited, 'A new link was printed.');
      }
      if (place !== 'enter' || request.method !== 'GET') return undefined;
      if (!entry.take(request.query.get('key') ?? '')) {
        return refused(visited, 'This link was used already, or another one was printed since.');
      }
      const cookies = Object.keys(configuration.tenants).map(async (tenant) => {
        const subject = 'operator of this machine';
        const session = { tenant, subject, name: subject, role: 'admin', provedAt: now } as const;
        if (tenant === request.tenant) await recordSignIn(services, session);
        const sealed = await sealSession(session, entry.key, now);
        return cookieText({ isSecure: false, tenant }, 'session', sealed, SESSION_MS / 1_000);
      });
      return redirectResult(base, await Promise.all(cookies));
    },
    challenge: async (visited, isGrave) =>
      refused(
        visited,
        isGrave
          ? 'This can not be taken back, and you came in some time ago: come in again by a new link.'
          : 'You are not signed in, or your session has ended.',
      ),
  };
}
