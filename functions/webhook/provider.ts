import type { Item } from '../events/event.ts';
import type { JsonView } from '../events/json-view.ts';
import type { SourcePreset, SourceSettings } from '../tenant/sources.ts';
import type { Handshake } from './handshake.ts';
import type { Format } from './parse.ts';
import type { Verifier } from './verify/verifier.ts';

/** A verified delivery, parsed. */
export interface Delivery {
  readonly body: JsonView;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly subtype: string | undefined;
  readonly settings: SourceSettings;
}

/** What a provider has to hear (its documentation says so, or its retries punish everything else). */
export interface Statuses {
  readonly stored: number;
  /** A type that is not wanted. */
  readonly ignored: number;
  readonly refused: number;
  /** Proven, and not understood. */
  readonly bad: number;
  /** Our own failure: never a 4xx, since many providers don't repeat those. */
  readonly failed: number;
  /** Body of a success; none for providers that want none. */
  readonly body: '{}' | '';
}

export const STATUSES: Statuses = {
  stored: 200,
  ignored: 200,
  refused: 401,
  bad: 400,
  failed: 503,
  body: '{}',
};

/** A provider's webhook: how it proves itself, how it introduces itself, and what its events mean. */
export interface WebhookProvider {
  readonly verifier: (settings: SourceSettings) => Verifier;
  readonly format: Format;
  /** The largest body that is read, in bytes; that of one event where it isn't given. */
  readonly maxBytes?: number;
  /** How many items a body may have; 1,000 where it isn't given. */
  readonly maxItems?: number;
  readonly handshake?: Handshake;
  readonly statuses?: Partial<Statuses>;
  /** The items of a delivery, in their order. Pure; what isn't understood is an item too. */
  readonly read: (delivery: Delivery) => readonly Item[];
}

/** The providers as this room sees them; the entry point hands them in. */
export interface WebhookProviders {
  /** Resolves to undefined for a preset that sends no webhooks. */
  webhook(preset: SourcePreset): Promise<WebhookProvider | undefined>;
  /** Whether a person can be read from the source. */
  canRead(settings: SourceSettings): boolean;
}
