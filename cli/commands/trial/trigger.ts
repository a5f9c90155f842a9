import type { PersonEvent } from '../../../functions/events/event.ts';
import { providers } from '../../../functions/providers/registry.ts';
import { type Sample, samplesOf } from '../../../functions/providers/samples.ts';
import { compact } from '../../../functions/runtime/compact.ts';
import { didYouMean } from '../../../functions/scim-core/nearest.ts';
import type { SourceSettings } from '../../../functions/tenant/sources.ts';
import type { WebhookProvider } from '../../../functions/webhook/provider.ts';
import { bodyAbout, headersAbout } from '../../../functions/webhook/trial/about.ts';
import { itemsIn } from '../../../functions/webhook/trial/read.ts';
import {
  type SignedRequest,
  type Signing,
  signedBy,
  UnusableSecret,
} from '../../../functions/webhook/trial/sign.ts';
import type { Verifier } from '../../../functions/webhook/verify/verifier.ts';
import { runningServer } from '../../../local/data/running-server.ts';
import { readSourceSecrets } from '../../../local/source-secrets.ts';
import { type CommandContext, chooseTenant, readConfiguration, withTenant } from '../../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../../failure.ts';
import { type Output, table } from '../../output.ts';
import { assertConfigured } from '../sources.ts';

export interface TriggerOptions {
  /** An e-mail address, in the place of that of the person in the documentation. */
  readonly user?: string;
  /** The source's id of the person. */
  readonly id?: string;
}

const ADDRESS = /^[^\s@"'<>]{1,64}@[^\s@"'<>]{1,255}$/;

/** `trigger SOURCE [EVENT]`: sends what the provider would send to the local server, signed; without an event lists them. */
export async function trigger(
  context: CommandContext,
  source: string,
  name: string | undefined,
  options: TriggerOptions,
  output: Output,
): Promise<number | undefined> {
  if (context.table !== undefined) {
    throw new CommandFailure(
      'trigger is for trying out: it sends to npm start alone, not to a deployed stack',
    );
  }
  if (options.user !== undefined && !ADDRESS.test(options.user)) {
    throw new CommandFailure(`--user ${options.user}: an e-mail address is right, such as ada@example.com`);
  }
  const tenant = chooseTenant(context, readConfiguration(context));
  assertConfigured(tenant, source);
  const settings = tenant.configuration.sources[source];
  const provider = settings === undefined ? undefined : await providers.webhook(settings.preset);
  const found = settings === undefined ? undefined : await samplesOf(settings.preset);
  if (settings === undefined || provider === undefined || found === undefined) {
    throw new CommandFailure(`${source} (${settings?.preset}) sends no webhook that could be tried`);
  }
  if (name === undefined) {
    const events = found.samples.map((each) => each.name);
    output.data({ source, preset: settings.preset, shape: found.shape, events });
    const rows = await Promise.all(
      found.samples.map(async (sample) => [
        sample.name,
        (await eventsIn(sample, provider, settings)).map(({ type }) => type).join(', '),
      ]),
    );
    for (const line of table(['event', `as ${settings.preset} calls it`], rows)) output.line(line);
    output.line();
    output.line(`  as documented: ${found.shape}`);
    return undefined;
  }
  const sample = found.samples.find((each) => each.name === name);
  if (sample === undefined) {
    const known = found.samples.map((each) => each.name);
    throw new CommandFailure(
      `${settings.preset} has no event ${name}.${didYouMean(name, known)} There are ${known.join(', ')}`,
    );
  }
  const server = runningServer(context.dataDir);
  if (server === undefined) {
    throw new CommandFailure(
      `no server runs on ${context.dataDir}: npm start, with the same DATA_DIR, is one`,
    );
  }
  const [secret] = readSourceSecrets(process.env)?.[source] ?? [];
  if (secret === undefined) {
    throw new CommandFailure(
      `there is no secret for ${source}: give both npm start and this command SOURCE_SECRETS='{"${source}": ["…"]}'`,
    );
  }
  const id =
    options.id ??
    (options.user === undefined
      ? undefined
      : await withTenant(context, tenant, async ({ directory }) => {
          const value = options.user ?? '';
          const [record] = await directory.findPerson(tenant.name, { attribute: 'userName', value });
          return record?.links?.[source]?.id;
        }));
  const now = Date.now();
  const events = await eventsIn(sample, provider, settings);
  const about = compact({ user: options.user, id });
  const signed = proven(provider.verifier(settings), {
    body: bodyAbout(sample.body, events, about, now),
    secret,
    now,
  });
  if (signed === undefined) {
    throw new CommandFailure(
      `${settings.preset} signs with a private key that it alone has; what it sends can not be made here`,
    );
  }
  const query = new URLSearchParams(signed.query).toString();
  const path = `/${tenant.name}/hooks/${source}${sample.path}${signed.path ?? ''}`;
  const response = await fetch(`${server.url}${path}${query === '' ? '' : `?${query}`}`, {
    method: 'POST',
    headers: {
      'content-type': sample.contentType,
      ...headersAbout(sample.headers, events),
      ...signed.headers,
    },
    body: signed.body,
  });
  const answer = await response.text();
  output.data({ source, event: name, status: response.status, answer });
  output.line(`${name} of ${source}: ${response.status}${answer === '' ? '' : ` ${answer}`}`);
  if (response.ok) output.line('  npm start prints what becomes of it; so does tail');
  return response.ok ? undefined : EXIT_FINDINGS;
}

/** The events about people that the product reads from a request. */
async function eventsIn(
  sample: Sample,
  provider: WebhookProvider,
  settings: SourceSettings,
): Promise<PersonEvent[]> {
  const items = await itemsIn(sample, provider, settings);
  return items.flatMap((item) => (item.kind === 'event' ? [item.event] : []));
}

/** @throws CommandFailure for a secret that is no key of the provider's form */
function proven(verifier: Verifier, signing: Signing): SignedRequest | undefined {
  try {
    return signedBy(verifier, signing);
  } catch (error) {
    if (error instanceof UnusableSecret) throw new CommandFailure(error.message);
    throw error;
  }
}
