import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Services } from '../../provision/services.ts';
import { errorText } from '../../runtime/error-text.ts';
import type { ConsoleSettings } from '../../tenant/operators/console.ts';
import { deriveKey } from '../../tenant/secrets/seal.ts';
import { pageResult, redirectResult } from '../response.ts';
import { html } from '../view/html.ts';
import { href } from '../view/link.ts';
import { text } from '../view/shown.ts';
import type { Access, Visited } from './access.ts';
import { roleOf } from './claim-roles.ts';
import { cookieName, cookieText } from './cookie.ts';
import type { Claims, SignIn } from './issuer.ts';
import { recordSignIn } from './operator.ts';
import { SESSION_MS, sealFor, sealSession, unsealFor } from './session.ts';

/** So long a sign-in may take at the issuer. */
const SIGN_IN_MS = 10 * 60_000;
/** A proof asked for anew is to be no older. */
const AGAIN_SECONDS = 300;
const HOUR_MS = 60 * 60_000;

/** What protects the way to the issuer and back; the name of a purpose keeps it from being a session. */
const audienceOf = ({ request }: Visited) => `console-sign-in ${request.tenant}`;

type Result = APIGatewayProxyStructuredResultV2;
type Server = Awaited<ReturnType<typeof import('./issuer.ts')['discover']>>;

/** Operators come in by the tenant's identity provider: OpenID Connect, code flow with PKCE. */
export function oidcAccess(services: Services): Access {
  const servers = new Map<string, { readonly server: Server; readonly at: number }>();
  const serverOf = async (settings: ConsoleSettings, now: number): Promise<Server> => {
    const known = servers.get(settings.issuer);
    if (known !== undefined && now - known.at < HOUR_MS) return known.server;
    const { discover } = await import('./issuer.ts');
    const server = await discover(settings);
    servers.set(settings.issuer, { server, at: now });
    return server;
  };
  const secretOf = ({ provisioning: { name, tenant } }: Visited) =>
    services.secrets.get('door', { name, tenant });
  const keysOf = async (visited: Visited) => {
    const { keys } = await secretOf(visited);
    return keys.map((key) => deriveKey(key, 'console'));
  };
  const told = ({ request, base }: Visited, status: number, words: string): Promise<Result> =>
    pageResult(status, {
      title: 'Sign in',
      base,
      tenant: request.tenant,
      body: html`<p class="notice amber" role="alert">${text(words, 600)}</p><p><a class="button" href="${base}/sign-in">Sign in</a></p>`,
    });
  const settingsOf = ({ provisioning }: Visited) => provisioning.tenant.console;

  const begin = async (visited: Visited, settings: ConsoleSettings): Promise<Result> => {
    const { request, base, now } = visited;
    const [key] = await keysOf(visited);
    if (key === undefined) {
      return told(
        visited,
        503,
        'The secret door of this tenant has no keys: put one of 32 random characters at least.',
      );
    }
    const { newSignIn, signInAddress } = await import('./issuer.ts');
    const maxAge = request.query.get('again') === '1' ? AGAIN_SECONDS : undefined;
    const signIn = newSignIn(maxAge);
    const address = await signInAddress(
      await serverOf(settings, now),
      settings,
      redirectUriOf(visited),
      signIn,
    );
    const to = placeIn(base, request.query.get('to'));
    const terms = { key, audience: audienceOf(visited), now, forMs: SIGN_IN_MS };
    const sealed = await sealFor({ ...signIn, to }, terms);
    return redirectResult(address, [cookieOf(visited, 'sign-in', sealed, SIGN_IN_MS / 1_000)]);
  };

  const end = async (visited: Visited, settings: ConsoleSettings): Promise<Result> => {
    const { request, now, base } = visited;
    const keys = await keysOf(visited);
    const [key] = keys;
    const sealed =
      request.cookies.get(cookieName({ isSecure: true, tenant: request.tenant }, 'sign-in')) ?? '';
    const begun = await unsealFor(sealed, { keys, audience: audienceOf(visited), now });
    if (begun === undefined || key === undefined) {
      return told(visited, 403, 'This sign-in was not begun here, or took too long.');
    }
    const { finishSignIn } = await import('./issuer.ts');
    const redirectUri = redirectUriOf(visited);
    const address = new URL(`${redirectUri}?${request.query}`);
    let claims: Claims;
    try {
      const server = await serverOf(settings, now);
      const secret = await secretOf(visited);
      claims = await finishSignIn(
        server,
        settings,
        secret,
        { address, redirectUri },
        begun as unknown as SignIn,
      );
    } catch (error) {
      services.log.warn('a sign-in failed', { tenant: request.tenant, reason: errorText(error) });
      return told(
        visited,
        403,
        'The identity provider did not let you in, or its answer does not fit this sign-in.',
      );
    }
    const role = roleOf(claims, settings.roles);
    if (role === undefined) {
      return told(
        visited,
        403,
        `You are signed in as ${nameIn(claims)}, and none of your claims gives a role here.`,
      );
    }
    const session = {
      tenant: request.tenant,
      subject: claims.sub,
      name: nameIn(claims),
      role,
      provedAt: (claims.auth_time ?? 0) * 1_000,
    };
    await recordSignIn(services, session);
    const cookie = cookieOf(visited, 'session', await sealSession(session, key, now), SESSION_MS / 1_000);
    const to = placeIn(base, typeof begun.to === 'string' ? begun.to : null);
    return redirectResult(to, [cookie, cookieOf(visited, 'sign-in', '', 0)]);
  };

  return {
    isSecure: true,
    isOpen: (visited) => settingsOf(visited) !== undefined,
    keysOf,
    answer: async (visited) => {
      const { request } = visited;
      const settings = settingsOf(visited);
      if (settings === undefined || request.method !== 'GET' || request.segments.length !== 1)
        return undefined;
      if (request.segments[0] === 'callback') return end(visited, settings);
      if (request.segments[0] !== 'sign-in') return undefined;
      return begin(visited, settings).catch((error: unknown) => {
        services.log.warn('a sign-in can not begin', { tenant: request.tenant, reason: errorText(error) });
        return told(visited, 503, `The identity provider can not be reached at ${settings.issuer}.`);
      });
    },
    challenge: async (visited, isGrave) => {
      const { request, base } = visited;
      const again = isGrave ? '1' : undefined;
      if (request.method !== 'POST') {
        const to = href(
          base,
          request.segments.map(encodeURIComponent).join('/'),
          Object.fromEntries(request.query),
        );
        return redirectResult(href(base, 'sign-in', { to, again }));
      }
      return told(visited, 403, 'Nothing was done: your session has ended. Sign in, and repeat it.');
    },
  };
}

function redirectUriOf({ request, base }: Visited): string {
  return `${request.origin}${base}/callback`;
}

function cookieOf(
  { request }: Visited,
  purpose: 'session' | 'sign-in',
  value: string,
  seconds: number,
): string {
  return cookieText({ isSecure: true, tenant: request.tenant }, purpose, value, seconds);
}

/** A place of this console; any other address is the first page: a link must not lead from here to elsewhere. */
function placeIn(base: string, to: string | null): string {
  const isHere = to !== null && (to === base || to.startsWith(`${base}/`) || to.startsWith(`${base}?`));
  return isHere && /^[\x21-\x7E]+$/.test(to) && !to.includes('\\') ? to : base;
}

/** As the issuer names the operator, for the audit. */
function nameIn({ sub, email, preferred_username: userName, name }: Claims): string {
  return (
    [email, userName, name].find((each): each is string => typeof each === 'string' && each !== '') ?? sub
  );
}
