import { listingOf } from '../../../functions/providers/file/list.ts';
import { providers as registry } from '../../../functions/providers/registry.ts';
import type { SourceProviders } from '../../../functions/sources/provider.ts';
import { type SourcePreset, sourceSchema } from '../../../functions/tenant/sources.ts';
import type { WebhookProviders } from '../../../functions/webhook/provider.ts';
import { openSimulatedFile } from './hr-file.ts';

export type Providers = WebhookProviders & SourceProviders;

const PRESETS: readonly SourcePreset[] = ['workos', 'okta-event-hook', 'auth0'];
const file = listingOf(openSimulatedFile);

const parts = new Map(
  await Promise.all(
    PRESETS.map(async (preset) => {
      const settings = sourceSchema.parse({ preset });
      const part = {
        webhook: await registry.webhook(preset),
        subscription: await registry.subscription(preset),
        reader: await registry.reader(settings),
        groupReader: await registry.groupReader(settings),
        listing: await registry.listing(settings),
      };
      return [preset, part] as const;
    }),
  ),
);

/** The product's providers, loaded before any virtual time passes: reading a file takes real time. */
export const providers: Providers = {
  webhook: async (preset) => parts.get(preset)?.webhook,
  subscription: async (preset) => parts.get(preset)?.subscription,
  reader: async ({ preset }) => parts.get(preset)?.reader,
  groupReader: async ({ preset }) => parts.get(preset)?.groupReader,
  listing: async ({ preset }) => (preset === 'file' ? file : parts.get(preset)?.listing),
  canRead: registry.canRead,
};
