import type { WebhookRequest } from './request.ts';

/** What a handshake is answered; `token` is a secret that the provider hands over in it. */
export interface HandshakeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly token?: string;
}

/**
 * How a provider makes sure that the address is meant for it, before or beside its events: the answer, or undefined when
 * the request is no handshake. Proves nothing.
 */
export type Handshake = (request: WebhookRequest) => HandshakeAnswer | undefined;

/** The longest challenge that is sent back, in characters. */
export const MAX_CHALLENGE = 4_096;
export const PLAIN_TEXT = {
  'content-type': 'text/plain; charset=utf-8',
  'x-content-type-options': 'nosniff',
};
export const JSON_TYPE = { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' };
