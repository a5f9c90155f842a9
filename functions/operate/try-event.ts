import { randomBytes } from 'node:crypto';
import type { PersonRecord } from '../directory/record.ts';
import type { ApplyContext } from '../events/apply.ts';
import { type Delivered, deliver } from '../events/deliver.ts';
import { eventOfGroup, type Item, type PersonEvent, type Trust } from '../events/event.ts';
import { providers } from '../providers/registry.ts';
import { type Sample, type Samples, samplesOf } from '../providers/samples.ts';
import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import { compact } from '../runtime/compact.ts';
import type { Catalogue } from '../smartassist/catalogue.ts';
import { overlaid } from '../sources/dry-run/overlay.ts';
import { sourceNamed } from '../tenant/look-up.ts';
import type { SourceSettings } from '../tenant/sources.ts';
import type { WebhookProvider } from '../webhook/provider.ts';
import { bodyAbout, headersAbout } from '../webhook/trial/about.ts';
import { itemsIn, type Unproven } from '../webhook/trial/read.ts';
import { signedBy } from '../webhook/trial/sign.ts';
import { openKeys } from '../webhook/verify/keys.ts';
import { verify } from '../webhook/verify/verify.ts';
import { OperateError } from './errors.ts';
import { type Explained, explainRecord } from './people/explanation.ts';

/** A source whose webhook can be tried, with what its provider sends. */
export interface Triable extends Samples {
  readonly settings: SourceSettings;
  readonly provider: WebhookProvider;
}

/** @throws OperateError for a source that isn't there, or sends no webhook */
export async function triableSource({ tenant, name }: TenantProvisioning, source: string): Promise<Triable> {
  const settings = sourceNamed(tenant, source);
  if (settings === undefined) throw new OperateError('invalid', `the tenant ${name} has no source ${source}`);
  const [provider, samples] = await Promise.all([
    providers.webhook(settings.preset),
    samplesOf(settings.preset),
  ]);
  if (provider === undefined || samples === undefined) {
    throw new OperateError('invalid', `${source} (${settings.preset}) sends no webhook that could be tried`);
  }
  return { settings, provider, ...samples };
}

/** What would become of an event. */
export interface TriedEvent {
  readonly event: PersonEvent;
  readonly outcome: Delivered['outcome'];
  /** Why it is invalid. */
  readonly reason?: string;
  /** The person as it would be stored, and what the mapping makes of it. */
  readonly record?: PersonRecord;
  readonly explained?: Explained;
}

/** What would become of a request. */
export interface Tried {
  /** As it is sent, without its proof. */
  readonly body: string;
  /** How far a request that is proven as the source is configured is believed. */
  readonly trust: Trust;
  /** The person was made first: an event about an unknown person shows little. */
  readonly isMadeFirst: boolean;
  readonly events: readonly TriedEvent[];
  /** Items that are no events, and what of them. */
  readonly others: readonly string[];
  readonly catalogue: Catalogue | undefined;
}

const MINUTE_MS = 60_000;

/**
 * What would become of an event as the provider documents it: proven with a secret made for it, read, applied and mapped.
 * Nothing is stored, no secret of the source is read, and nobody is called.
 *
 * @param user an e-mail address in the place of that of the documentation's person
 * @throws OperateError
 */
export async function tryEvent(
  services: Services,
  provisioning: TenantProvisioning,
  source: string,
  { name, user }: { readonly name: string; readonly user?: string | undefined },
): Promise<Tried> {
  const { table } = services;
  if (table === undefined) throw new OperateError('unavailable', 'events can not be tried here');
  const triable = await triableSource(provisioning, source);
  const { samples, settings } = triable;
  const sample = samples.find((each) => each.name === name);
  if (sample === undefined) throw new OperateError('invalid', `${settings.preset} has no event ${name}`);
  const { services: quiet } = overlaid({ table, services });
  const now = services.clock.now();
  const applying: ApplyContext = {
    services: quiet,
    tenant: provisioning.name,
    configuration: provisioning.tenant,
    canFetch: providers.canRead(settings),
  };
  const known =
    user === undefined
      ? undefined
      : await quiet.directory.findPerson(provisioning.name, { attribute: 'userName', value: user });
  const id = known?.[0]?.links?.[source]?.id;
  const about = compact({ user, id });
  const first = samples.find((each) => each.name === 'created');
  const isMadeFirst = name !== 'created' && first !== undefined && (known ?? []).length === 0;
  if (isMadeFirst) await applied(applying, source, triable, first, about, now - MINUTE_MS);
  const { request, trust, results, others } = await applied(applying, source, triable, sample, about, now);
  const catalogue = await provisioning.catalogue.known();
  const events: TriedEvent[] = [];
  for (const { event, delivered } of results) {
    const record = delivered.outcome === 'stored' ? delivered.record : undefined;
    const explained =
      record === undefined
        ? undefined
        : await explainRecord(provisioning, catalogue, record, quiet.directory, now);
    const reason = delivered.outcome === 'invalid' ? delivered.reason : undefined;
    events.push({ event, outcome: delivered.outcome, ...compact({ reason, record, explained }) });
  }
  return { body: request.body, trust, isMadeFirst, events, others, catalogue };
}

/** Sends a sample through the room of events, over a directory that keeps nothing. */
async function applied(
  applying: ApplyContext,
  source: string,
  { provider, settings }: Triable,
  sample: Sample,
  about: { readonly user?: string; readonly id?: string },
  now: number,
) {
  const documented = personEventsOf(await itemsIn(sample, provider, settings));
  const unproven: Unproven = {
    ...sample,
    body: bodyAbout(sample.body, documented, about, now),
    headers: headersAbout(sample.headers, documented),
  };
  const { request, trust } = await proven(applying, provider, settings, unproven, now);
  const items = await itemsIn(request, provider, settings);
  const results: { readonly event: PersonEvent; readonly delivered: Delivered }[] = [];
  for (const item of items) {
    const event = eventOf(item);
    if (event !== undefined)
      results.push({ event, delivered: await deliver(applying, { ...event, source, trust }) });
  }
  return { request, trust, results, others: items.flatMap(otherText) };
}

function personEventsOf(items: readonly Item[]): PersonEvent[] {
  return items.flatMap((item) => (item.kind === 'event' ? [item.event] : []));
}

function eventOf(item: Item): PersonEvent | undefined {
  if (item.kind === 'event') return item.event;
  return item.kind === 'group' ? eventOfGroup(item.change) : undefined;
}

function otherText(item: Item): string[] {
  switch (item.kind) {
    case 'event':
    case 'group':
      return [];
    case 'bad':
      return [`not understood: ${item.reason}`];
    case 'members':
      return ['the list of a group’s members'];
    case 'ignored':
      return ['of a type that is not wanted'];
    default:
      return [`a word about the subscription: ${item.type}`];
  }
}

/** Proves a request with a secret that is made for it, and says how far such a proof is believed. */
async function proven(
  { services }: ApplyContext,
  provider: WebhookProvider,
  settings: SourceSettings,
  unproven: Unproven,
  now: number,
): Promise<{ readonly request: Unproven; readonly trust: Trust }> {
  // Hexadecimal, which is base64 and plain text as well.
  const secret = randomBytes(24).toString('hex');
  const verifier = provider.verifier(settings);
  const signed = signedBy(verifier, { body: unproven.body, secret, now });
  // What only the provider can sign is signed.
  if (signed === undefined) return { request: unproven, trust: 'signed' };
  const path = `${unproven.path}${signed.path ?? ''}`.slice(1);
  const headers = { 'content-type': unproven.contentType, ...unproven.headers, ...signed.headers };
  const verdict = await verify(
    verifier,
    {
      method: 'POST',
      headers: Object.fromEntries(Object.entries(headers).map(([key, text]) => [key.toLowerCase(), text])),
      query: new URLSearchParams(signed.query),
      body: Buffer.from(signed.body),
      subtype: path === '' ? undefined : decodeURIComponent(path),
    },
    { secrets: [secret], now, keys: openKeys(services) },
  );
  return { request: { ...unproven, body: signed.body }, trust: verdict.ok ? verdict.trust : 'signed' };
}
