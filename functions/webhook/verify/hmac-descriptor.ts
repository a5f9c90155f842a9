import type { Encoding } from '../../runtime/encoding.ts';
import type { TimestampRule } from './timestamp.ts';

/** A provider's way to sign with a shared secret, as data: one row covers what one function would otherwise. */
export interface HmacDescriptor {
  /** sha1 only for old Keycloak listeners. */
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  readonly signature: {
    readonly header: string;
    /**
     * `bare`: the whole value. `prefix`: behind a fixed text, `sha256=<mac>`. `kv`: `t=…, v1=<mac>`. `versioned-list`:
     * `v1,<mac> v1,<mac>`.
     */
    readonly format: 'bare' | 'prefix' | 'kv' | 'versioned-list';
    readonly prefix?: string | undefined;
    readonly signatureKeys?: readonly string[] | undefined;
    readonly version?: string | undefined;
    readonly encoding: Encoding;
  };
  readonly key: {
    readonly encoding: 'utf8' | 'base64' | 'hex';
    readonly stripPrefixes?: readonly string[] | undefined;
  };
  /** What is signed: text around `{id}`, `{timestamp}`, `{method}` and `{body}`. */
  readonly content: string;
  readonly id?: { readonly header: string } | undefined;
  readonly timestamp?: TimestampRule | undefined;
}
