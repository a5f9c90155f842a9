import type { PartnerProviders, ReadPartnerEvent } from '../signup/partner.ts';
import type { Fetcher, GroupFetcher } from '../sources/fetcher.ts';
import type { KeptSubscription, SourceProviders } from '../sources/provider.ts';
import type { Listing } from '../sources/sync/listing.ts';
import type { PARTNER_PRESETS, SourcePreset } from '../tenant/sources.ts';
import type { WebhookProvider, WebhookProviders } from '../webhook/provider.ts';

/**
 * All of a provider. Each part is a file of the provider's folder and loaded when it is first needed, so that a function
 * carries and starts only what it runs.
 *
 * @example
 * acme: {
 *   webhook: () => import('./acme/webhook.ts'),
 *   api: () => import('./acme/api.ts'),
 * },
 */
export interface Provider {
  /** Its webhook: verifier, handshake, answers, and what its events mean. */
  readonly webhook?: () => Promise<{ readonly webhook: WebhookProvider }>;
  /** How one person, and one group, is read from its API. */
  readonly api?: () => Promise<{ readonly readPerson: Fetcher; readonly readGroup?: GroupFetcher }>;
  /** How all of its people are read, and what changed. */
  readonly list?: () => Promise<{ readonly listing: Listing }>;
  /** How a subscription is kept that would end by itself. */
  readonly subscription?: () => Promise<{ readonly subscription: KeptSubscription }>;
  /** What it puts on a partner bus of EventBridge. */
  readonly partner?: () => Promise<{ readonly readPartnerEvent: ReadPartnerEvent }>;
}

/** A preset without a row is a type error, and so is a partner of the configuration that isn't one here. */
type Registry = {
  readonly [Preset in SourcePreset]: Preset extends (typeof PARTNER_PRESETS)[number]
    ? Provider & Required<Pick<Provider, 'partner'>>
    : Omit<Provider, 'partner'>;
};

/**
 * Every preset of the configuration. Some have no webhook: security events come by a door of their own
 * (`webhook/security-events/`), Cognito by its triggers (`signup/`), and SCIM servers and files are only read.
 */
export const PROVIDERS: Registry = {
  'okta-event-hook': {
    webhook: () => import('./okta/webhook.ts'),
    api: () => import('./okta/api.ts'),
    list: () => import('./okta/list.ts'),
    partner: () => import('./okta/partner.ts'),
  },
  auth0: {
    webhook: () => import('./auth0/webhook.ts'),
    api: () => import('./auth0/api.ts'),
    list: () => import('./auth0/list.ts'),
    partner: () => import('./auth0/partner.ts'),
  },
  'entra-graph': {
    webhook: () => import('./graph/webhook.ts'),
    api: () => import('./graph/api.ts'),
    list: () => import('./graph/list.ts'),
    subscription: () => import('./graph/subscription.ts'),
  },
  'google-workspace': {
    webhook: () => import('./google/webhook.ts'),
    api: () => import('./google/api.ts'),
    list: () => import('./google/list.ts'),
    subscription: () => import('./google/subscription.ts'),
  },
  keycloak: { webhook: () => import('./keycloak/webhook.ts') },
  clerk: { webhook: () => import('./clerk/webhook.ts') },
  stytch: { webhook: () => import('./stytch/webhook.ts') },
  workos: {
    webhook: () => import('./workos/webhook.ts'),
    api: () => import('./workos/api.ts'),
    list: () => import('./workos/list.ts'),
  },
  fusionauth: { webhook: () => import('./fusionauth/webhook.ts') },
  frontegg: { webhook: () => import('./frontegg/webhook.ts') },
  zitadel: { webhook: () => import('./zitadel/webhook.ts') },
  'ory-polis': { webhook: () => import('./ory-polis/webhook.ts') },
  logto: { webhook: () => import('./logto/webhook.ts') },
  pingone: { webhook: () => import('./pingone/webhook.ts') },
  onelogin: { webhook: () => import('./onelogin/webhook.ts') },
  descope: { webhook: () => import('./descope/webhook.ts') },
  bamboohr: {
    webhook: () => import('./bamboohr/webhook.ts'),
    api: () => import('./bamboohr/api.ts'),
    list: () => import('./bamboohr/list.ts'),
  },
  hibob: {
    webhook: () => import('./hibob/webhook.ts'),
    api: () => import('./hibob/api.ts'),
    list: () => import('./hibob/list.ts'),
  },
  personio: {
    webhook: () => import('./personio/webhook.ts'),
    api: () => import('./personio/api.ts'),
    list: () => import('./personio/list.ts'),
  },
  gusto: {
    webhook: () => import('./gusto/webhook.ts'),
    api: () => import('./gusto/api.ts'),
    list: () => import('./gusto/list.ts'),
  },
  rippling: {
    webhook: () => import('./rippling/webhook.ts'),
    api: () => import('./rippling/api.ts'),
    list: () => import('./rippling/list.ts'),
  },
  merge: {
    webhook: () => import('./merge-dev/webhook.ts'),
    api: () => import('./merge-dev/api.ts'),
    list: () => import('./merge-dev/list.ts'),
  },
  finch: {
    webhook: () => import('./finch/webhook.ts'),
    api: () => import('./finch/api.ts'),
    list: () => import('./finch/list.ts'),
  },
  deel: { webhook: () => import('./deel/webhook.ts') },
  remote: {
    webhook: () => import('./remote/webhook.ts'),
    api: () => import('./remote/api.ts'),
  },
  factorial: { webhook: () => import('./factorial/webhook.ts') },
  paylocity: { webhook: () => import('./paylocity/webhook.ts') },
  successfactors: { webhook: () => import('./successfactors/webhook.ts') },
  'standard-webhooks': {
    webhook: () => import('./standard-webhooks/webhook.ts'),
  },
  cloudevents: { webhook: () => import('./cloudevents/webhook.ts') },
  hmac: { webhook: async () => ({ webhook: (await import('./generic/webhook.ts')).hmac }) },
  json: { webhook: async () => ({ webhook: (await import('./generic/webhook.ts')).json }) },
  'security-events': { api: () => import('./scim/api.ts'), list: () => import('./scim/list.ts') },
  'scim-server': { api: () => import('./scim/api.ts'), list: () => import('./scim/list.ts') },
  file: { list: () => import('./file/list.ts') },
  cognito: {},
};

const providerOf = (preset: SourcePreset): Provider => PROVIDERS[preset];

/** What the rooms below are handed: each sees the part that it declares. */
export const providers: WebhookProviders & SourceProviders & PartnerProviders = {
  webhook: async (preset) => (await providerOf(preset).webhook?.())?.webhook,
  listing: async ({ preset, fetch }) =>
    fetch?.list !== undefined
      ? (await import('./generic/list.ts')).listing
      : (await providerOf(preset).list?.())?.listing,
  subscription: async (preset) => (await providerOf(preset).subscription?.())?.subscription,
  partner: async (preset) => (await providerOf(preset).partner?.())?.readPartnerEvent,
  reader: async ({ preset, fetch }) =>
    fetch?.url !== undefined
      ? (await import('./generic/api.ts')).readPerson
      : (await providerOf(preset).api?.())?.readPerson,
  groupReader: async ({ preset, fetch }) =>
    fetch?.url === undefined ? (await providerOf(preset).api?.())?.readGroup : undefined,
  canRead: ({ preset, fetch }) =>
    fetch !== undefined && (fetch.url !== undefined || providerOf(preset).api !== undefined),
};
