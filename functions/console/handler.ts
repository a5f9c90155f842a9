import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { OperateError } from '../operate/errors.ts';
import { pauseText, readPause } from '../provision/drain/pause.ts';
import type { Services } from '../provision/services.ts';
import { openTenants } from '../provision/tenant.ts';
import { compact } from '../runtime/compact.ts';
import { correlated } from '../runtime/correlation.ts';
import { errorTrace } from '../runtime/error-text.ts';
import type { Configuration } from '../tenant/configuration.ts';
import type { Answer, PageContext } from './page.ts';
import { type ConsoleRequest, crossSiteFault, readRequest } from './request.ts';
import { assetResult, downloadResult, pageResult, redirectResult } from './response.ts';
import { findRoute, isAddress } from './routes.ts';
import type { Access, Visited } from './session/access.ts';
import { cookieName, cookieText } from './session/cookie.ts';
import { may } from './session/role.ts';
import { openSession, type Session } from './session/session.ts';
import { html } from './view/html.ts';
import type { Layout } from './view/layout.ts';
import { text } from './view/shown.ts';

export type ConsoleHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;

/** What can't be taken back needs a sign-in that is at most so old. */
const GRAVE_MS = 5 * 60_000;

/** The pages of all tenants' consoles. */
export function consoleHandler(
  configuration: Configuration,
  services: Services,
  access: Access,
): ConsoleHandler {
  const tenants = openTenants(configuration, services);
  return (event, context) =>
    correlated(context.awsRequestId, async () => {
      const request = readRequest(event);
      const provisioning = request === undefined ? undefined : tenants(request.tenant);
      if (request === undefined || provisioning === undefined) return noConsole(request);
      const base = `/${request.tenant}/console`;
      const visited = { request, provisioning, configuration, base, now: services.clock.now() };
      if (!access.isOpen(visited)) return noConsole(request);
      try {
        return await answer(visited, services, access);
      } catch (error) {
        services.log.error('a page of the console failed', {
          tenant: request.tenant,
          reason: errorTrace(error),
        });
        return failedResult(visited, context.awsRequestId);
      }
    });
}

async function answer(
  visited: Visited,
  services: Services,
  access: Access,
): Promise<APIGatewayProxyStructuredResultV2> {
  const { request, provisioning, configuration, base, now } = visited;
  const { method, segments, tenant } = request;
  if (segments[0] === 'assets') {
    const { assetAt } = await import('./assets/assets.ts');
    const asset = method === 'GET' || method === 'HEAD' ? assetAt(segments.join('/')) : undefined;
    return asset === undefined ? told(visited, 404, 'Not found', NO_PAGE) : assetResult(asset);
  }
  if (method !== 'GET' && method !== 'HEAD' && method !== 'POST') {
    return told(visited, 405, 'Not possible', `${method} is not possible here.`);
  }
  const fault = method === 'POST' ? crossSiteFault(request) : undefined;
  if (fault !== undefined) {
    const words = `Nothing was done: the request did not come from a page of this console (${fault}).`;
    return told(visited, 403, 'Refused', words);
  }
  const signedIn = await access.answer(visited);
  if (signedIn !== undefined) return signedIn;
  const sealed = request.cookies.get(cookieName({ isSecure: access.isSecure, tenant }, 'session'));
  const session =
    sealed === undefined ? undefined : await openSession(sealed, tenant, await access.keysOf(visited), now);
  if (session === undefined) return access.challenge(visited, false);
  if (method === 'POST' && segments.join('/') === 'sign-out') {
    const gone = cookieText({ isSecure: access.isSecure, tenant }, 'session', '', 0);
    const body = html`<p>You are signed out.</p><p><a href="${base}">Sign in again</a></p>`;
    return pageResult(200, { title: 'Signed out', base, tenant, body }, [gone]);
  }
  const found = findRoute(method === 'POST' ? 'POST' : 'GET', segments);
  if (found === undefined) {
    const isKnown = isAddress(segments);
    return told(visited, isKnown ? 405 : 404, isKnown ? 'Not possible' : 'Not found', NO_PAGE, session);
  }
  const { route, params } = found;
  if (!may(session.role, route.role)) {
    const words = `This takes the role ${route.role}, and you have the role ${session.role}. Nothing was done.`;
    return told(visited, 403, 'Not allowed', words, session);
  }
  if (route.isGrave && now - session.provedAt > GRAVE_MS) return access.challenge(visited, true);
  const show = await route.load();
  const { keepToken } = access;
  const context = { request, session, provisioning, services, configuration, base, params, now, keepToken };
  return shown(await judged(show(context), context), context);
}

const NO_PAGE = 'There is no page at this address.';
const STATUSES: Readonly<Record<OperateError['code'], number>> = {
  'unknown-person': 404,
  'unknown-group': 404,
  invalid: 400,
  changed: 409,
  unavailable: 503,
};

/** What an operator asked for and can't be done is a page that says so. */
async function judged(answering: Promise<Answer>, { base }: PageContext): Promise<Answer> {
  try {
    return await answering;
  } catch (error) {
    if (!(error instanceof OperateError)) throw error;
    const body = html`<p class="notice amber" role="alert">${text(error.message, 1_000)}</p><p><a href="${base}">Back to Now</a></p>`;
    return { title: 'Not done', status: STATUSES[error.code], body };
  }
}

/** Pages that tell of a pause themselves. */
const OF_PAUSE: ReadonlySet<string> = new Set(['', 'pause', 'resume']);

async function shown(
  given: Answer,
  { request, session, base, services, provisioning }: PageContext,
): Promise<APIGatewayProxyStructuredResultV2> {
  if ('to' in given) return redirectResult(given.to);
  if ('content' in given) return downloadResult(given);
  const { title, body, status = 200 } = given;
  const [tab = ''] = request.segments;
  const pause = OF_PAUSE.has(tab) ? undefined : await readPause(services.directory, provisioning.name);
  const paused = pause === undefined ? undefined : pauseText(pause);
  const layout = { title, base, tenant: request.tenant, session, tab, body, ...compact({ paused }) };
  return pageResult(status, layout);
}

function told(
  { request, base }: Visited,
  status: number,
  title: string,
  words: string,
  session?: Session,
): Promise<APIGatewayProxyStructuredResultV2> {
  const body = html`<p class="notice amber" role="alert">${words}</p><p><a href="${base}">To the console</a></p>`;
  const layout: Layout = { title, base, tenant: request.tenant, body };
  return pageResult(status, session === undefined ? layout : { ...layout, session });
}

function failedResult(visited: Visited, correlation: string): Promise<APIGatewayProxyStructuredResultV2> {
  const words = `This page could not be made. The log has the reason under ${correlation}.`;
  return told(visited, 500, 'Something failed', words);
}

/** The same whether there is no such tenant or it has no console. */
function noConsole(request: ConsoleRequest | undefined): APIGatewayProxyStructuredResultV2 {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  const body = request === undefined ? 'Pages are at /{tenant}/console.' : 'There is no console here.';
  return { statusCode: 404, headers, body };
}
