import type { Limits } from '../../functions/runtime/limits.ts';
import type { Log } from '../../functions/runtime/log.ts';
import type { SourceSettings } from '../../functions/tenant/sources.ts';
import type { AppCredentials } from '../demo-apps.ts';

/** How `npm start` serves. */
export interface LocalOptions {
  /** 0: a free one. */
  readonly port: number;
  readonly simulatorPort: number;
  /** Where the directory is kept; undefined keeps nothing. */
  readonly dataDir: string | undefined;
  readonly configurationFile: string;
  readonly scimToken: string;
  /** Secrets of the tenants' sources, by source name. */
  readonly sourceSecrets?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Sources that every tenant has beside those of its configuration. */
  readonly sources?: Readonly<Record<string, SourceSettings>>;
  /** Overrides the tenants' own budget. */
  readonly callsPerMinute?: number | undefined;
  /** What is done for strangers; as on AWS where it isn't given. */
  readonly limits?: Limits;
  /** Overrides the tenants' SCIM profile. */
  readonly scimProfile?: string | undefined;
  /** The simulator's names: a file as `check --live --save` writes it, or `configuration`; without it the demo's. */
  readonly catalogue?: string;
  /** Another SmartAssist, in the simulator's place; its client id and secret in `client`. */
  readonly smartassistUrl?: string | undefined;
  readonly client?: AppCredentials;
  /** The app of the Admin Console; null: there is none. */
  readonly admin?: AppCredentials | null;
  /** Where the server is reached from outside, as by a tunnel. */
  readonly publicUrl?: string | undefined;
  readonly log?: Log;
  /** Shows a link by which an operator comes in, where the server was started. */
  readonly announce?: (link: string) => void;
  /** Takes a line a request and an agent. */
  readonly lines?: (line: string) => void;
}
