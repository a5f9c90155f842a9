import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { compact } from '../../runtime/compact.ts';
import { type HeardClient, readHeardClients } from '../../scim/heard-clients.ts';
import { sourceSecrets } from '../../tenant/secrets/secret.ts';
import { SecretError } from '../../tenant/secrets/secret-error.ts';
import { type SourceView, viewSources } from '../sources.ts';
import type { Finding } from './finding.ts';
import { checkTenant } from './health.ts';

/** A token that opens SCIM, told by the beginning of its digest, with the client that uses it. */
export interface TokenView {
  readonly digest: string;
  /** The client that used it last; absent while none has. */
  readonly heard?: HeardClient;
}

/** How far a tenant is set up. */
export interface SetUpView {
  /** Absent where the secret can't be read: `findings` says why. */
  readonly tokens?: readonly TokenView[];
  /** Clients of SCIM that have proved themselves, the last one first. */
  readonly clients: readonly HeardClient[];
  readonly sources: readonly (SourceView & { readonly hasSecret: boolean })[];
  /** What `doctor` says of secrets, sources and work; what takes calls or rights on AWS is for the command. */
  readonly findings: readonly Finding[];
}

const SHOWN_DIGITS = 8;

export async function viewSetUp(provisioning: TenantProvisioning, services: Services): Promise<SetUpView> {
  const { name, tenant } = provisioning;
  const [clients, sources, findings, door] = await Promise.all([
    readHeardClients(services.directory, name),
    viewSources(services, provisioning),
    checkTenant(provisioning, services),
    // Anew, so that a token that was put a moment ago is listed; Secrets Manager is asked every 30 seconds at most.
    services.secrets.refresh('door', { name, tenant }).catch((error: unknown) => {
      if (error instanceof SecretError) return undefined;
      throw error;
    }),
  ]);
  const tokens = door?.scimTokens.map((each): TokenView => {
    const digest = each.slice('sha256:'.length).toLowerCase().slice(0, SHOWN_DIGITS);
    return { digest, ...compact({ heard: clients.find(({ token }) => token === digest) }) };
  });
  return {
    clients,
    findings,
    ...compact({ tokens }),
    sources: sources.map((source) => ({
      ...source,
      hasSecret: door !== undefined && sourceSecrets(door, source.name).length > 0,
    })),
  };
}

/** What a client that was heard is called: by its product where its User-Agent names one. */
export function clientName({ client }: Pick<HeardClient, 'client'>): string {
  const [, name] = PRODUCTS.find(([pattern]) => pattern.test(client)) ?? [];
  return name ?? (client === '' ? 'a client without a name' : client);
}

const PRODUCTS = [
  [/okta/i, 'Okta'],
  [/azure|entra|microsoft/i, 'Microsoft Entra ID'],
  [/auth0/i, 'Auth0'],
  [/onelogin/i, 'OneLogin'],
  [/ping(one|federate|identity)/i, 'Ping'],
  [/jumpcloud/i, 'JumpCloud'],
  [/google/i, 'Google'],
  [/^curl\//i, 'curl'],
] as const;
