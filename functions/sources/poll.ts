import { jsonView } from '../events/json-view.ts';
import { openStates, type States } from '../events/source-state.ts';
import type { Services } from '../provision/services.ts';
import { compact } from '../runtime/compact.ts';
import { isObject } from '../scim-core/resource/resource.ts';
import type { Configuration } from '../tenant/configuration.ts';
import { authenticate, type Check, ingestBody, ownerOf } from '../webhook/ingest.ts';
import { Rejection } from '../webhook/rejection.ts';
import { securityEvents } from '../webhook/security-events/stream.ts';
import { openSourceContexts, type SourceContext } from '../webhook/source-context.ts';
import { verifyJwt } from '../webhook/verify/jwt.ts';
import type { SourceProviders } from './provider.ts';

const MAX_EVENTS = 100;
/** Rounds a stream and run: a transmitter that has more says so, and is asked again in a minute. */
const MAX_ROUNDS = 20;
const TIMEOUT_MS = 10_000;

/** What is said of tokens that were not taken (RFC 8936 section 2.2). */
interface SetError {
  readonly err: string;
  readonly description: string;
}

/**
 * Polls the streams of security events that are configured so (RFC 8936): each token goes the same way as one that is
 * pushed, and is acknowledged when it is stored. For the schedule.
 *
 * @param until epoch milliseconds by which it has to have returned
 */
export async function pollStreams(
  providers: SourceProviders,
  configuration: Configuration,
  services: Services,
  until: number,
  states: States = openStates(services),
): Promise<void> {
  const contexts = openSourceContexts(services, providers, states);
  for (const [tenant, configured] of Object.entries(configuration.tenants)) {
    for (const [name, settings] of Object.entries(configured.sources)) {
      if (settings.preset !== 'security-events' || settings.poll === undefined) continue;
      const context = contexts.of(tenant, configured, name, settings, securityEvents);
      await poll(context, settings.poll.url, until).catch((error: Error) => {
        services.log.error('a stream could not be polled', {
          tenant,
          source: name,
          reason: error.message,
        });
        services.metrics.count('SourceFailed', { tenant, reason: 'poll' });
      });
    }
  }
}

async function poll(context: SourceContext, url: string, until: number): Promise<void> {
  const { services, name } = context;
  const { sources } = await services.secrets.get('door', ownerOf(context));
  const [token] = sources[`${name}.fetch`] ?? [];
  let ack: string[] = [];
  let setErrs: Record<string, SetError> = {};
  for (let round = 0; round < MAX_ROUNDS && services.clock.now() < until; round += 1) {
    const response = await services.transport({
      method: 'POST',
      url,
      headers: {
        'content-type': 'application/json',
        accept: 'application/json',
        ...compact({ authorization: token === undefined ? undefined : `Bearer ${token}` }),
      },
      body: JSON.stringify({
        maxEvents: MAX_EVENTS,
        returnImmediately: true,
        ack,
        ...compact({ setErrs: Object.keys(setErrs).length === 0 ? undefined : setErrs }),
      }),
      timeoutMs: TIMEOUT_MS,
    });
    if (response.status !== 200) throw new Error(`the transmitter answered ${response.status}`);
    const found = jsonView(jsonOf(response.body)).at('sets').value ?? {};
    if (!isObject(found)) throw new Error('the transmitter answered without sets');
    const sets = Object.entries(found);
    // The round that only acknowledges is the last one.
    if (sets.length === 0) return;
    ack = [];
    setErrs = {};
    for (const [jti, set] of sets) {
      const error = await take(context, String(set));
      if (error === undefined) ack.push(jti);
      else setErrs[jti] = error;
    }
  }
}

/** An error of JSON.parse would quote what was answered. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('the transmitter did not answer with JSON');
  }
}

/** What is polled is a signed token, and nothing else. */
const checkToken: Check = async (verifier, request, terms) => {
  if (verifier.kind !== 'jwt') throw new Error(`a stream is not verified by ${verifier.kind}`);
  return verifyJwt(verifier, request, terms);
};

/** @throws whatever our own failure is: the token isn't acknowledged then, and comes again */
async function take(context: SourceContext, token: string): Promise<SetError | undefined> {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/secevent+jwt' },
    query: new URLSearchParams(),
    body: Buffer.from(token, 'utf8'),
    subtype: undefined,
  };
  try {
    const proof = await authenticate(context, request, checkToken);
    await ingestBody(context, request, proof, proof.claims);
    return undefined;
  } catch (error) {
    if (!(error instanceof Rejection) || error.code === 'paused') throw error;
    await context.rejections.add(context.tenant, context.name, request, error);
    return { err: 'invalid_request', description: error.message };
  }
}
