import type { TenantConfiguration } from '../../tenant/configuration.ts';
import type { SourcePreset, SourceSettings } from '../../tenant/sources.ts';
import { settingsOf } from '../settings.ts';
import type { Source } from '../source.ts';
import { auth0 } from './auth0.ts';
import { bamboohr } from './bamboohr.ts';
import { clerk } from './clerk.ts';
import { cloudevents } from './cloudevents.ts';
import { deel } from './deel.ts';
import { descope } from './descope.ts';
import { factorial } from './factorial.ts';
import { finch } from './finch.ts';
import { frontegg } from './frontegg.ts';
import { fusionauth } from './fusionauth.ts';
import { hmac, json } from './generic.ts';
import { google } from './google.ts';
import { graph } from './graph.ts';
import { gusto } from './gusto.ts';
import { hibob } from './hibob.ts';
import { keycloak } from './keycloak.ts';
import { logto } from './logto.ts';
import { merge } from './merge.ts';
import { okta } from './okta.ts';
import { onelogin } from './onelogin.ts';
import { oryPolis } from './ory-polis.ts';
import { paylocity } from './paylocity.ts';
import { personio } from './personio.ts';
import { pingone } from './pingone.ts';
import { remote } from './remote.ts';
import { rippling } from './rippling.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stytch } from './stytch.ts';
import { successfactors } from './successfactors.ts';
import { workos } from './workos.ts';
import { zitadel } from './zitadel.ts';

/** Presets that have doors of their own: the stream of security events, and sign-up. */
type Elsewhere = 'security-events' | 'cognito';

/** Every provider that sends webhooks. */
export const SOURCES: Readonly<Record<Exclude<SourcePreset, Elsewhere>, Source>> = {
  'okta-event-hook': okta,
  auth0,
  'entra-graph': graph,
  'google-workspace': google,
  keycloak,
  clerk,
  stytch,
  workos,
  fusionauth,
  frontegg,
  zitadel,
  'ory-polis': oryPolis,
  logto,
  pingone,
  onelogin,
  descope,
  bamboohr,
  hibob,
  personio,
  gusto,
  rippling,
  merge,
  finch,
  deel,
  remote,
  factorial,
  paylocity,
  successfactors,
  'standard-webhooks': standardWebhooks,
  cloudevents,
  hmac,
  json,
};

/** A tenant's source that takes webhooks. */
export function sourceOf(
  tenant: TenantConfiguration,
  name: string,
): { readonly source: Source; readonly settings: SourceSettings } | undefined {
  const settings = settingsOf(tenant, name);
  if (settings === undefined || !Object.hasOwn(SOURCES, settings.preset)) return undefined;
  return { source: SOURCES[settings.preset as keyof typeof SOURCES], settings };
}
