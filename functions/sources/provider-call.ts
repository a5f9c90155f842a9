import { jsonView } from '../events/json-view.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import { TransportError } from '../runtime/transport.ts';
import type { SourceSettings } from '../tenant/sources.ts';
import { speaksOfGroups } from '../tenant/trust/groups.ts';
import { type Exchange, type FetchContext, FetchError } from './fetcher.ts';
import { keepGrant } from './grant.ts';
import { isThrottling, retryAfterOf } from './throttle.ts';

const TIMEOUT_MS = 10_000;
const DOWNLOAD_MS = 60_000;
/** An access token isn't used in its last minute. */
const MARGIN_MS = 60_000;

type Tokens = Map<string, { readonly value: string; readonly until: number }>;

/** Access tokens of providers, kept while the function lives: one request for many persons. */
const caches = new WeakMap<Services['secrets'], Tokens>();

/** What a fetcher of this source works with. */
export async function openFetching(
  provisioning: TenantProvisioning,
  services: Services,
  source: string,
  settings: SourceSettings,
): Promise<FetchContext> {
  const { transport, secrets, clock } = services;
  const tokens: Tokens = caches.get(secrets) ?? new Map();
  caches.set(secrets, tokens);
  const { sources: known, keys } = await secrets.get('door', provisioning);
  const name = `${source}.fetch`;
  const credentials = Object.hasOwn(known, name) ? (known[name] ?? []) : [];

  const grant = keepGrant(provisioning, services, source, keys);
  let usesGrant = false;

  const call: FetchContext['call'] = async (request, isThrottled = () => false) => {
    const response = await transport({ timeoutMs: TIMEOUT_MS, ...request }).catch((error: unknown) => {
      if (error instanceof TransportError) throw new FetchError(`${hostOf(request.url)}: ${error.message}`);
      throw error;
    });
    const { status, headers, body } = response;
    if ((status >= 200 && status < 300) || status === 404)
      return { status, body: jsonView(jsonOf(body)), headers } satisfies Exchange;
    // Revoked, maybe: the next try asks for another.
    if (status === 401) {
      forget(tokens, `${provisioning.name}/${source}/`);
      if (usesGrant) await grant.refused();
    }
    const refused = { status, body: jsonView(jsonIn(body)), headers };
    const mayBeAskedAgain = isThrottled(refused) || isThrottling(settings.preset, refused);
    throw new FetchError(`${hostOf(request.url)} answered ${status}`, {
      isPermanent: (status === 401 || status === 403) && !mayBeAskedAgain,
      retryAfterMs: retryAfterOf(settings.preset, refused, clock.now(), mayBeAskedAgain),
      status,
      body: refused.body,
    });
  };
  return {
    settings,
    credentials,
    readsGroups: speaksOfGroups(provisioning.tenant) || settings.scope?.groups !== undefined,
    call,
    download: async (url, maxBytes) => {
      const request = {
        method: 'GET',
        url,
        headers: {},
        timeoutMs: DOWNLOAD_MS,
        maxBytes,
        asBytes: true,
      } as const;
      const { status, bytes, body } = await transport(request).catch((error: unknown) => {
        if (error instanceof TransportError) throw new FetchError(`${hostOf(url)}: ${error.message}`);
        throw error;
      });
      if (status !== 200) throw new FetchError(`${hostOf(url)} answered ${status}`);
      return bytes ?? Buffer.from(body);
    },
    now: () => clock.now(),
    grantedToken: async (first, refresh) => {
      const token = await grant.accessToken(first, refresh);
      usesGrant = true;
      return token;
    },
    token: async (key, ask) => {
      const full = `${provisioning.name}/${source}/${key}`;
      const kept = tokens.get(full);
      if (kept !== undefined && kept.until > clock.now()) return kept.value;
      const { value, expiresInSeconds } = await ask();
      tokens.set(full, { value, until: clock.now() + expiresInSeconds * 1_000 - MARGIN_MS });
      return value;
    },
  };
}

function forget(tokens: Tokens, prefix: string): void {
  for (const key of [...tokens.keys()].filter((each) => each.startsWith(prefix))) tokens.delete(key);
}

function hostOf(url: string): string {
  return new URL(url).host;
}

function jsonOf(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new FetchError('the provider did not answer with JSON');
  }
}

/** What a refusal says, if it is JSON: an error page is none. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
