import type { PartnerProviders, ReadPartnerEvent } from '../signup/partner.ts';
import type { Fetcher } from '../sources/fetcher.ts';
import type { KeptSubscription, SourceProviders } from '../sources/provider.ts';
import type { PARTNER_PRESETS, SourcePreset } from '../tenant/sources.ts';
import type { WebhookProvider, WebhookProviders } from '../webhook/provider.ts';

/**
 * All of a provider. Each part is a file of the provider's folder and loaded when it is first needed, so that a function
 * carries and starts only what it runs.
 *
 * @example
 * acme: {
 *   webhook: async () => (await import('./acme/webhook.ts')).acme,
 *   api: async () => (await import('./acme/api.ts')).fetchAcmeUser,
 * },
 */
export interface Provider {
  /** Its webhook: verifier, handshake, answers, and what its events mean. */
  readonly webhook?: () => Promise<WebhookProvider>;
  /** How one person is read from its API. */
  readonly api?: () => Promise<Fetcher>;
  /** How a subscription is kept that would end by itself. */
  readonly subscription?: () => Promise<KeptSubscription>;
  /** What it puts on a partner bus of EventBridge. */
  readonly partner?: () => Promise<ReadPartnerEvent>;
}

/** A preset without a row is a type error, and so is a partner of the configuration that isn't one here. */
type Registry = {
  readonly [Preset in SourcePreset]: Preset extends (typeof PARTNER_PRESETS)[number]
    ? Provider & Required<Pick<Provider, 'partner'>>
    : Omit<Provider, 'partner'>;
};

/**
 * Every preset of the configuration. Two have no webhook: security events come by a door of their own
 * (`webhook/security-events/`), and Cognito by its triggers (`signup/`).
 */
export const PROVIDERS: Registry = {
  'okta-event-hook': {
    webhook: async () => (await import('./okta/webhook.ts')).okta,
    api: async () => (await import('./okta/api.ts')).fetchOktaUser,
    partner: async () => (await import('./okta/partner.ts')).readLogEvent,
  },
  auth0: {
    webhook: async () => (await import('./auth0/webhook.ts')).auth0,
    api: async () => (await import('./auth0/api.ts')).fetchAuth0User,
    partner: async () => (await import('./auth0/partner.ts')).readAuth0Event,
  },
  'entra-graph': {
    webhook: async () => (await import('./graph/webhook.ts')).graph,
    api: async () => (await import('./graph/api.ts')).fetchGraphUser,
    subscription: async () => (await import('./graph/subscription.ts')).graphSubscription,
  },
  'google-workspace': {
    webhook: async () => (await import('./google/webhook.ts')).google,
    api: async () => (await import('./google/api.ts')).fetchGoogleUser,
    subscription: async () => (await import('./google/subscription.ts')).googleSubscription,
  },
  keycloak: { webhook: async () => (await import('./keycloak/webhook.ts')).keycloak },
  clerk: { webhook: async () => (await import('./clerk/webhook.ts')).clerk },
  stytch: { webhook: async () => (await import('./stytch/webhook.ts')).stytch },
  workos: { webhook: async () => (await import('./workos/webhook.ts')).workos },
  fusionauth: { webhook: async () => (await import('./fusionauth/webhook.ts')).fusionauth },
  frontegg: { webhook: async () => (await import('./frontegg/webhook.ts')).frontegg },
  zitadel: { webhook: async () => (await import('./zitadel/webhook.ts')).zitadel },
  'ory-polis': { webhook: async () => (await import('./ory-polis/webhook.ts')).oryPolis },
  logto: { webhook: async () => (await import('./logto/webhook.ts')).logto },
  pingone: { webhook: async () => (await import('./pingone/webhook.ts')).pingone },
  onelogin: { webhook: async () => (await import('./onelogin/webhook.ts')).onelogin },
  descope: { webhook: async () => (await import('./descope/webhook.ts')).descope },
  bamboohr: {
    webhook: async () => (await import('./bamboohr/webhook.ts')).bamboohr,
    api: async () => (await import('./bamboohr/api.ts')).fetchBambooEmployee,
  },
  hibob: {
    webhook: async () => (await import('./hibob/webhook.ts')).hibob,
    api: async () => (await import('./hibob/api.ts')).fetchHibobPerson,
  },
  personio: {
    webhook: async () => (await import('./personio/webhook.ts')).personio,
    api: async () => (await import('./personio/api.ts')).fetchPersonioPerson,
  },
  gusto: {
    webhook: async () => (await import('./gusto/webhook.ts')).gusto,
    api: async () => (await import('./gusto/api.ts')).fetchGustoEmployee,
  },
  rippling: { webhook: async () => (await import('./rippling/webhook.ts')).rippling },
  merge: { webhook: async () => (await import('./merge-dev/webhook.ts')).merge },
  finch: {
    webhook: async () => (await import('./finch/webhook.ts')).finch,
    api: async () => (await import('./finch/api.ts')).fetchFinchIndividual,
  },
  deel: { webhook: async () => (await import('./deel/webhook.ts')).deel },
  remote: {
    webhook: async () => (await import('./remote/webhook.ts')).remote,
    api: async () => (await import('./remote/api.ts')).fetchRemoteEmployment,
  },
  factorial: { webhook: async () => (await import('./factorial/webhook.ts')).factorial },
  paylocity: { webhook: async () => (await import('./paylocity/webhook.ts')).paylocity },
  successfactors: { webhook: async () => (await import('./successfactors/webhook.ts')).successfactors },
  'standard-webhooks': {
    webhook: async () => (await import('./standard-webhooks/webhook.ts')).standardWebhooks,
  },
  cloudevents: { webhook: async () => (await import('./cloudevents/webhook.ts')).cloudevents },
  hmac: { webhook: async () => (await import('./generic/webhook.ts')).hmac },
  json: { webhook: async () => (await import('./generic/webhook.ts')).json },
  'security-events': { api: async () => (await import('./scim/api.ts')).fetchScimUser },
  cognito: {},
};

const providerOf = (preset: SourcePreset): Provider => PROVIDERS[preset];

/** What the rooms below are handed: each sees the part that it declares. */
export const providers: WebhookProviders & SourceProviders & PartnerProviders = {
  webhook: async (preset) => providerOf(preset).webhook?.(),
  subscription: async (preset) => providerOf(preset).subscription?.(),
  partner: async (preset) => providerOf(preset).partner?.(),
  reader: async ({ preset, fetch }) =>
    fetch?.url !== undefined ? (await import('./generic/api.ts')).fetchFromUrl : providerOf(preset).api?.(),
  canRead: ({ preset, fetch }) =>
    fetch !== undefined && (fetch.url !== undefined || providerOf(preset).api !== undefined),
};
