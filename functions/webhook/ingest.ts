import { createHash } from 'node:crypto';
import { type Delivered, deliver } from '../events/deliver.ts';
import {
  type AuthenticatedEvent,
  eventOfGroup,
  type Item,
  type MemberList,
  type PersonEvent,
} from '../events/event.ts';
import { jsonView } from '../events/json-view.ts';
import { applyMemberList } from '../events/member-list.ts';
import { pauseSource, wanting } from '../events/source-state.ts';
import { subjectKey } from '../events/subject.ts';
import { ringingOnce } from '../provision/services.ts';
import { compact } from '../runtime/compact.ts';
import { sourceSecrets } from '../tenant/secrets/secret.ts';
import type { SecretOwner } from '../tenant/secrets/secret-name.ts';
import { checkWithSecret } from '../tenant/secrets/secrets.ts';
import { Rejection } from './rejection.ts';
import type { WebhookRequest } from './request.ts';
import type { SourceContext } from './source-context.ts';
import type { Terms, Verdict, Verifier } from './verify/verifier.ts';

export interface Counts {
  /** Events that changed something, or will. */
  stored: number;
  /** Events that came again. */
  repeated: number;
  /** Events that say nothing new, are too old, or are about no person here. */
  nothing: number;
  /** Items of types that are not wanted. */
  ignored: number;
  /** Items that weren't understood; kept in the log of refusals. */
  bad: number;
}

/** Under what an event that was delivered is counted. */
const COUNTED_AS: Readonly<Record<Exclude<Delivered['outcome'], 'invalid'>, keyof Counts>> = {
  repeated: 'repeated',
  stored: 'stored',
  'group-stored': 'stored',
  fetching: 'stored',
  later: 'stored',
  held: 'stored',
  unchanged: 'nothing',
  stale: 'nothing',
  nobody: 'nothing',
};
/** Persons whose events are applied side by side. */
const AT_ONCE = 16;
const MAX_ITEMS = 1_000;
/** Of a body with more, so many are worked on at once. */
const PART = 1_000;

/** A way to verify; those who know one way don't load the others. */
export type Check = (verifier: Verifier, request: WebhookRequest, terms: Terms) => Promise<Verdict>;

export type Proof = Extract<Verdict, { ok: true }>;

/**
 * Makes sure that a request comes from its source, and that the source isn't paused.
 *
 * @throws Rejection
 */
export async function authenticate(
  context: SourceContext,
  request: WebhookRequest,
  check: Check,
): Promise<Proof> {
  const { states, tenant, name } = context;
  const [proof, { paused }] = await Promise.all([proven(context, request, check), states.get(tenant, name)]);
  if (paused !== undefined) {
    throw new Rejection('paused', `The source is paused since ${paused.at}: ${paused.reason}`);
  }
  return proof;
}

/**
 * Takes a body that is proven and parsed: items, one event each, stored.
 *
 * @throws Rejection for a body that isn't taken at all
 */
export async function ingestBody(
  context: SourceContext,
  request: WebhookRequest,
  proof: Proof,
  body: unknown,
): Promise<Counts> {
  const { provider, settings, name, tenant, states } = context;
  const { headers, subtype } = request;
  const items = provider.read({ body: jsonView(body), headers, subtype, settings });
  const { maxItems = MAX_ITEMS } = provider;
  if (items.length > maxItems)
    throw new Rejection('malformed-body', `The body has more than ${maxItems} items.`);
  // Items that don't prove themselves are no items.
  const own = proof.items === undefined ? items : items.filter((_, index) => proof.items?.has(index));
  const counts = await ringingOnce(context.services, async (services) => {
    const sum: Counts = { stored: 0, repeated: 0, nothing: 0, ignored: 0, bad: 0 };
    for (let from = 0; from < own.length; from += PART) {
      const part = own.slice(from, from + PART);
      const each = await ingestItems({ ...context, services }, request, proof, part, own.length === 1);
      for (const name of Object.keys(sum) as (keyof Counts)[]) sum[name] += each[name];
    }
    return sum;
  });
  counts.bad += items.length - own.length;
  await states.heard(tenant, name);
  return counts;
}

/** Verifies, and once more with the secret fetched anew when it doesn't fit: a rotated secret works at once. */
async function proven(context: SourceContext, request: WebhookRequest, verify: Check): Promise<Proof> {
  const { services, keys, name, provider, settings } = context;
  const verifier = provider.verifier(settings);
  const verdict = await checkWithSecret(
    services.secrets,
    ownerOf(context),
    (secret) =>
      verify(verifier, request, { secrets: sourceSecrets(secret, name), now: services.clock.now(), keys }),
    (found) => found.ok || !isAboutSecret(found.rejection),
  );
  if (!verdict.ok) throw verdict.rejection;
  if ((verdict.secret ?? 0) > 0) services.log.debug('an older secret is still in use', { source: name });
  if (verdict.outsideWindow) services.log.warn('a time stamp is outside the window', { source: name });
  return verdict;
}

/** Whose secrets are meant. */
export function ownerOf({ tenant, configuration }: SourceContext): SecretOwner {
  return { name: tenant, tenant: configuration };
}

function isAboutSecret({ code }: Rejection): boolean {
  return code === 'bad-signature' || code === 'no-secret';
}

/** Applies the items, those about one person in their order. What wasn't understood is kept, and harms no other. */
async function ingestItems(
  context: SourceContext,
  request: WebhookRequest,
  verdict: Proof,
  items: readonly Item[],
  isOnly: boolean,
): Promise<Counts> {
  const counts: Counts = { stored: 0, repeated: 0, nothing: 0, ignored: 0, bad: 0 };
  const { services, tenant, configuration, name, rejections } = context;
  const badOnes: string[] = [];
  const lists: MemberList[] = [];
  const bySubject = new Map<string, AuthenticatedEvent[]>();
  for (const item of items) {
    if (item.kind === 'event' || item.kind === 'group') {
      const said = item.kind === 'event' ? item.event : eventOfGroup(item.change);
      const key = keyOf(said, verdict, request, isOnly);
      const event = {
        ...said,
        ...compact({ key }),
        source: name,
        trust: verdict.trust,
      };
      const subject = subjectKey(event);
      bySubject.set(subject, [...(bySubject.get(subject) ?? []), event]);
    } else if (item.kind === 'bad') {
      badOnes.push(item.reason);
    } else if (item.kind === 'members') {
      lists.push(item.list);
    } else if (item.kind === 'ignored') {
      counts.ignored += 1;
    } else {
      counts.stored += 1;
      await storeNotice(context, item);
    }
  }
  const queue = [...bySubject.values()];
  const applying = { services, tenant, configuration, canFetch: context.canRead };
  const work = async () => {
    for (let events = queue.shift(); events !== undefined; events = queue.shift()) {
      for (const event of events) {
        const delivered = await deliver(applying, event);
        if (delivered.outcome === 'invalid') badOnes.push(delivered.reason);
        else counts[COUNTED_AS[delivered.outcome]] += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, queue.length) }, work));
  for (const list of lists) {
    const outcome = await applyMemberList(applying, { ...list, source: name, trust: verdict.trust });
    if (outcome !== 'invalid') counts[COUNTED_AS[outcome]] += 1;
  }
  for (const reason of badOnes) {
    counts.bad += 1;
    await rejections.add(
      tenant,
      name,
      request,
      new Rejection('bad-item', reason),
      context.provider.verifier(context.settings),
    );
  }
  if (counts.ignored > 0) services.metrics.count('Ignored', { tenant }, counts.ignored);
  return counts;
}

async function storeNotice(
  { services, states, tenant, name }: SourceContext,
  item: Extract<Item, { kind: 'source-gone' | 'notice' }>,
): Promise<void> {
  if (item.kind === 'source-gone') {
    await pauseSource(states, services, tenant, name, `The provider says ${item.type}.`);
    return;
  }
  const at = new Date(services.clock.now()).toISOString();
  const { type, detail, isAlarming, subscription: news } = item;
  await states.change(tenant, name, ({ subscription, ...state }) => ({
    // What was sent meanwhile, or would have been, is lost.
    ...(isAlarming ? wanting(state, services.clock.now(), `the provider said ${type}`) : state),
    notice: { at, type, detail },
    ...(subscription === undefined || news === 'gone'
      ? {}
      : { subscription: news === 'due' ? { ...subscription, isDue: true } : subscription }),
  }));
  if (!isAlarming) return;
  services.log.error('a subscription needs attention', { tenant, source: name, type, detail });
  services.metrics.count('SourceFailed', { tenant, reason: 'notice' });
}

/**
 * What two deliveries of one event have in common. Where the provider gives no id, it is what was signed: the body and,
 * if it is part of it, the time stamp. Where nothing is signed a repetition can't be told from news: a person may be
 * changed and changed back, so what says the same is applied again, which changes nothing.
 */
function keyOf(
  event: PersonEvent,
  { id, trust, stamp = '' }: Proof,
  { body, subtype = '' }: WebhookRequest,
  isOnly: boolean,
): string | undefined {
  const given = event.key ?? (isOnly ? id : undefined);
  if (given !== undefined || trust !== 'signed') return given;
  const hash = createHash('sha256').update(`${subtype}\n${stamp}\n`);
  return hash.update(isOnly ? body : JSON.stringify(event)).digest('base64url');
}
