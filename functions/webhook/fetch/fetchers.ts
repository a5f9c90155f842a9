import type { SourceSettings } from '../../tenant/sources.ts';
import { type Fetcher, isReadable, type ReadablePreset } from './fetcher.ts';

/** How a person is read from each provider. Apart from the sources, so that the receiver doesn't carry what it never runs. */
const FETCHERS: Readonly<Record<ReadablePreset, () => Promise<Fetcher>>> = {
  'okta-event-hook': async () => (await import('./okta.ts')).fetchOktaUser,
  auth0: async () => (await import('./auth0.ts')).fetchAuth0User,
  'entra-graph': async () => (await import('./graph.ts')).fetchGraphUser,
  'google-workspace': async () => (await import('./google.ts')).fetchGoogleUser,
  bamboohr: async () => (await import('./bamboohr.ts')).fetchBambooEmployee,
  hibob: async () => (await import('./hibob.ts')).fetchHibobPerson,
  personio: async () => (await import('./personio.ts')).fetchPersonioPerson,
  gusto: async () => (await import('./gusto.ts')).fetchGustoEmployee,
  finch: async () => (await import('./finch.ts')).fetchFinchIndividual,
  remote: async () => (await import('./remote.ts')).fetchRemoteEmployment,
  'security-events': async () => (await import('./scim.ts')).fetchScimUser,
};

/** Reads persons of this source: from an address of the configuration, or as the provider's own API has it. */
export async function fetcherFor({ preset, fetch }: SourceSettings): Promise<Fetcher | undefined> {
  if (fetch?.url !== undefined) return (await import('./generic.ts')).fetchFromUrl;
  return isReadable(preset) ? FETCHERS[preset]() : undefined;
}
