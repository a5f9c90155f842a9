import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import type { Configuration } from '../../tenant/configuration.ts';
import type { ConsoleRequest } from '../request.ts';

/** What sign-in works with, of the tenant that a request names. */
export interface Visited {
  readonly request: ConsoleRequest;
  readonly provisioning: TenantProvisioning;
  readonly configuration: Configuration;
  readonly base: string;
  readonly now: number;
}

/** How operators come in: by the tenant's identity provider, or on one machine by a link that was printed there. */
export interface Access {
  /** Whether cookies are for HTTPS alone. */
  readonly isSecure: boolean;
  /** Whether the tenant has a console here, by this request. */
  isOpen(visited: Visited): boolean;
  /** What seals sessions, the newest first. */
  keysOf(visited: Visited): Promise<readonly Uint8Array[]>;
  /** The answer at an address of sign-in; undefined for every other one. */
  answer(visited: Visited): Promise<APIGatewayProxyStructuredResultV2 | undefined>;
  /**
   * Puts the digest of a token into the tenant's secret `door`. Absent where this function may not write secrets: on AWS,
   * so that no session opens a door.
   */
  readonly keepToken?: ((tenant: string, digest: string) => Promise<void>) | undefined;
  /** The answer to a request without a session; `isGrave`: with one that is too old for what is asked. */
  challenge(visited: Visited, isGrave: boolean): Promise<APIGatewayProxyStructuredResultV2>;
}
