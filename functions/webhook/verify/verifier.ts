import type { Trust } from '../../events/event.ts';
import type { Rejection } from '../rejection.ts';
import type { WebhookRequest } from '../request.ts';
import type { HmacDescriptor } from './hmac-descriptor.ts';
import type { Keys } from './keys.ts';

export interface StaticHeader {
  readonly kind: 'static-header';
  readonly header: string;
  /** `raw`: the whole value is the secret; `basic`: the secret is `user:password`. */
  readonly scheme: 'raw' | 'bearer' | 'basic';
}

export interface JwtVerifier {
  readonly kind: 'jwt';
  /** Where the token is: a header, or the body itself. */
  readonly header?: string;
  readonly scheme?: 'bearer' | 'raw';
  readonly keys: { readonly jwksUri: string } | { readonly secret: true };
  readonly algorithms: readonly string[];
  readonly issuer?: string;
  readonly audience?: string;
  readonly typ?: string;
  /** A token without `typ` is taken, too; one with another is not. */
  readonly isTypOptional?: true;
  readonly requireExp: boolean;
  /** A claim with the SHA-256 of the body: with it the body is signed. */
  readonly bodyHash?: { readonly claim: string; readonly encoding: 'hex' | 'base64' };
}

/** How a source proves itself. */
export type Verifier =
  | { readonly kind: 'hmac'; readonly descriptor: HmacDescriptor }
  | StaticHeader
  | JwtVerifier
  /** A secret in each item of the body: items with another one are dropped. */
  | { readonly kind: 'body-secret'; readonly items: string; readonly path: string }
  /** Standard Webhooks `v1a`: public keys, `whpk_…`. */
  | { readonly kind: 'ed25519'; readonly publicKeys: readonly string[] }
  /** The last segment of the address is the secret. */
  | { readonly kind: 'url-secret' }
  /** A secret in the query. */
  | { readonly kind: 'query-secret'; readonly parameter: string }
  /** Any of them: what a provider leaves to its customers. */
  | { readonly kind: 'any-of'; readonly verifiers: readonly Verifier[] };

export interface Terms {
  /** The source's secrets: several while one is being rotated. */
  readonly secrets: readonly string[];
  /** Epoch milliseconds. */
  readonly now: number;
  readonly keys: Keys;
}

export type Verdict =
  | {
      readonly ok: true;
      readonly trust: Trust;
      /** Position of the secret that fitted: tells when an old one is still in use. */
      readonly secret?: number;
      /** The id that the signature covers: the dedupe key. */
      readonly id?: string;
      /** The time stamp that the signature covers, as it was sent. */
      readonly stamp?: string;
      /** Claims of a token that is the body. */
      readonly claims?: Readonly<Record<string, unknown>>;
      /** Positions of the items that prove themselves, where each has to. */
      readonly items?: ReadonlySet<number>;
      /** Outside the window that would be enforced, if it were known what the provider stamps. */
      readonly outsideWindow?: true;
    }
  | { readonly ok: false; readonly rejection: Rejection };

export type Verify<V extends Verifier> = (
  verifier: V,
  request: WebhookRequest,
  terms: Terms,
) => Verdict | Promise<Verdict>;
