import type { Services } from '../provision/services.ts';
import type { TenantProvisioning } from '../provision/tenant.ts';
import type { Configuration } from '../tenant/configuration.ts';
import type { ConsoleRequest } from './request.ts';
import type { Access } from './session/access.ts';
import type { Role } from './session/role.ts';
import type { Session } from './session/session.ts';
import type { Html } from './view/html.ts';

/** What a page is made of. */
export interface PageContext {
  readonly request: ConsoleRequest;
  readonly session: Session;
  readonly provisioning: TenantProvisioning;
  readonly services: Services;
  /** All tenants. */
  readonly configuration: Configuration;
  /** `/{tenant}/console`, with which every address of a page begins. */
  readonly base: string;
  /** The parts of the path that the route leaves open, by name. */
  readonly params: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly now: number;
  /** See `Access`. */
  readonly keepToken: Access['keepToken'];
}

/** A page as it is shown. */
export interface Page {
  readonly title: string;
  readonly body: Html;
  readonly status?: number;
}

/** A file to be saved. */
export interface Download {
  readonly fileName: string;
  readonly contentType: string;
  readonly content: string;
}

/** Where the browser goes next, after something was done. */
export interface Redirect {
  readonly to: string;
}

export type Answer = Page | Download | Redirect;
export type ShowPage = (context: PageContext) => Promise<Answer>;

/** One address of the console. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** `people/:id/retry` */
  readonly path: string;
  readonly role: Role;
  /** Wants a proof of who it is that is no older than some minutes. */
  readonly isGrave?: true;
  /** Loaded with the first request for it. */
  readonly load: () => Promise<ShowPage>;
}
