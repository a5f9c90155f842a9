import { EncryptJWT, jwtDecrypt } from 'jose';
import { isRole, type Role } from './role.ts';

/** An operator who is signed in at one tenant. */
export interface Session {
  readonly tenant: string;
  /** The subject at the issuer, or the user of this machine. */
  readonly subject: string;
  /** As the issuer names the operator. */
  readonly name: string;
  readonly role: Role;
  /** When the operator proved to be it, epoch milliseconds: what can't be taken back wants a recent proof. */
  readonly provedAt: number;
}

/** A working day: then the issuer is asked again. */
export const SESSION_MS = 8 * 60 * 60_000;

const ALGORITHMS = { alg: 'dir', enc: 'A256GCM' } as const;
const PURPOSE = 'console-session';

/** Seals something for the browser to keep: as JWE (RFC 7516), so that it can neither be read nor changed there. */
export function sealFor(
  claims: Readonly<Record<string, unknown>>,
  terms: {
    readonly key: Uint8Array;
    readonly audience: string;
    readonly now: number;
    readonly forMs: number;
  },
): Promise<string> {
  return new EncryptJWT({ ...claims })
    .setProtectedHeader(ALGORITHMS)
    .setAudience(terms.audience)
    .setIssuedAt(Math.floor(terms.now / 1_000))
    .setExpirationTime(Math.floor((terms.now + terms.forMs) / 1_000))
    .encrypt(terms.key);
}

/**
 * Opens what was sealed.
 *
 * @param keys the newest first; several while one is being rotated
 * @returns undefined for what is forged, expired, or sealed for something else
 */
export async function unsealFor(
  sealed: string,
  terms: { readonly keys: readonly Uint8Array[]; readonly audience: string; readonly now: number },
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { keys, audience, now } = terms;
  for (const key of keys) {
    try {
      const { payload } = await jwtDecrypt(sealed, key, {
        audience,
        currentDate: new Date(now),
        requiredClaims: ['exp', 'iat'],
        keyManagementAlgorithms: [ALGORITHMS.alg],
        contentEncryptionAlgorithms: [ALGORITHMS.enc],
      });
      return payload;
    } catch {
      // Another key's, or nothing of ours: the next one is tried.
    }
  }
  return undefined;
}

export function sealSession(session: Session, key: Uint8Array, now: number): Promise<string> {
  const audience = `${PURPOSE} ${session.tenant}`;
  return sealFor({ ...session }, { key, audience, now, forMs: SESSION_MS });
}

/** The session of a tenant; undefined for a cookie that is not one, or one of another tenant. */
export async function openSession(
  sealed: string,
  tenant: string,
  keys: readonly Uint8Array[],
  now: number,
): Promise<Session | undefined> {
  const claims = await unsealFor(sealed, { keys, audience: `${PURPOSE} ${tenant}`, now });
  if (claims === undefined) return undefined;
  const { subject, name, role, provedAt } = claims;
  if (typeof subject !== 'string' || typeof name !== 'string' || !isRole(role)) return undefined;
  if (typeof provedAt !== 'number' || claims.tenant !== tenant) return undefined;
  return { tenant, subject, name, role, provedAt };
}
