import { describe, expect, it } from 'vitest';
import type { PersonEvent } from '../../functions/events/event.ts';
import { providers } from '../../functions/providers/registry.ts';
import { type Sample, samplesOf } from '../../functions/providers/samples.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import type { WebhookProvider } from '../../functions/webhook/provider.ts';
import { bodyAbout, headersAbout } from '../../functions/webhook/trial/about.ts';
import { itemsIn } from '../../functions/webhook/trial/read.ts';
import { signedBy } from '../../functions/webhook/trial/sign.ts';
import type { Keys } from '../../functions/webhook/verify/keys.ts';
import { verify } from '../../functions/webhook/verify/verify.ts';
import { PROVIDER_CASES, type ProviderCase, WEBHOOK_PRESETS } from '../webhook/providers.ts';

const NOW = Date.parse('2026-12-24T08:30:00.250Z');
const USER = 'zoe@example.com';
/** Whose signature is made with a private key. */
const OWN_KEY = ['fusionauth'];
const EVENTS = ['created', 'updated', 'deactivated'] as const;

const settingsOf = ({ preset, settings }: ProviderCase) => sourceSchema.parse({ preset, ...settings });

async function sampleOf({ preset, settings }: ProviderCase, name: string): Promise<Sample> {
  const of = await samplesOf(sourceSchema.parse({ preset, ...settings }).preset);
  const sample = of?.samples.find((each) => each.name === name);
  if (sample === undefined) throw new Error(`${preset} has no ${name}`);
  return sample;
}

async function webhookOf(row: ProviderCase): Promise<WebhookProvider> {
  const webhook = await providers.webhook(settingsOf(row).preset);
  if (webhook === undefined) throw new Error(`${row.preset} has no webhook`);
  return webhook;
}

async function readFrom(row: ProviderCase, sample: Sample): Promise<PersonEvent[]> {
  const items = await itemsIn(sample, await webhookOf(row), settingsOf(row));
  return items.flatMap((item) => (item.kind === 'event' ? [item.event] : []));
}

it('every preset that sends webhooks has the three events of a person', async () => {
  for (const preset of WEBHOOK_PRESETS) {
    const names =
      (await samplesOf(sourceSchema.shape.preset.parse(preset)))?.samples.map(({ name }) => name) ?? [];
    expect([preset, ...EVENTS.filter((name) => !names.includes(name))]).toEqual([preset]);
  }
});

describe.each(PROVIDER_CASES.map((row) => [row.preset, row] as const))('%s', (preset, row) => {
  it('sends events of now about the person who is asked for, proven as the product takes it', async () => {
    const webhook = await webhookOf(row);
    const verifier = webhook.verifier(settingsOf(row));
    const ids = new Set<string | undefined>();
    for (const name of EVENTS) {
      const sample = await sampleOf(row, name);
      const events = await readFrom(row, sample);
      const body = bodyAbout(sample.body, events, { user: USER }, NOW);
      const signed = signedBy(verifier, { body, secret: row.secret, now: NOW });
      if (OWN_KEY.includes(preset)) {
        expect(signed).toBeUndefined();
        continue;
      }
      const own = headersAbout(sample.headers, events);
      const headers = { 'content-type': sample.contentType, ...own, ...signed?.headers };
      const subtype = `${sample.path}${signed?.path ?? ''}`.slice(1);
      const request = {
        method: 'POST',
        headers: Object.fromEntries(
          Object.entries(headers).map(([key, value]) => [key.toLowerCase(), value]),
        ),
        query: new URLSearchParams(signed?.query),
        body: Buffer.from(signed?.body ?? ''),
        subtype: subtype === '' ? undefined : decodeURIComponent(subtype),
      };
      const terms = { secrets: [row.secret], now: NOW, keys: {} as Keys };
      expect(await verify(verifier, request as Parameters<typeof verify>[1], terms)).toMatchObject({
        ok: true,
      });
      const [was] = events;
      const [is] = await readFrom(row, { ...sample, headers: own, body: signed?.body ?? '' });
      expect(is).toMatchObject({ kind: was?.kind, type: was?.type, completeness: was?.completeness });
      expect(JSON.stringify(is)).not.toContain(row.email);
      if (JSON.stringify(was).includes(row.email)) expect(JSON.stringify(is)).toContain(USER);
      if (was?.subject.id !== undefined && was.subject.id !== row.email) {
        expect(is?.subject.id).not.toBe(was.subject.id);
        ids.add(is?.subject.id);
      }
      if (is?.occurredAt !== undefined) expect(Date.parse(is.occurredAt)).toBeCloseTo(NOW, -4);
      if (was?.key !== undefined) expect(is?.key).not.toBe(was.key);
    }
    // Three events are about one person.
    expect(ids.size).toBeLessThanOrEqual(1);
  });
});
