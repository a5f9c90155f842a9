/** Why a request isn't taken. Counted by these, so they never change. */
const REJECTION_CODES = [
  'unknown-path',
  'unknown-source',
  'paused',
  'too-large',
  'method',
  'no-secret',
  'no-signature',
  'malformed-signature',
  'bad-signature',
  'too-old',
  'too-new',
  'expired',
  'wrong-issuer',
  'wrong-audience',
  'unknown-key',
  'body-changed',
  'malformed-body',
  'bad-item',
] as const;
export type RejectionCode = (typeof REJECTION_CODES)[number];

/** Codes that mean "who are you?": the caller proved nothing. */
const UNAUTHENTICATED: ReadonlySet<RejectionCode> = new Set([
  'no-secret',
  'no-signature',
  'malformed-signature',
  'bad-signature',
  'too-old',
  'too-new',
  'expired',
  'wrong-issuer',
  'wrong-audience',
  'unknown-key',
  'body-changed',
]);

/** What is refused before anything is proven. */
const BEFORE_PROOF: ReadonlySet<RejectionCode> = new Set(['unknown-path', 'unknown-source', 'too-large']);

/** A request that isn't taken, in words that an operator who sets up a webhook can act on; no secret, no person's data. */
export class Rejection extends Error {
  override readonly name = 'Rejection';
  readonly code: RejectionCode;

  constructor(code: RejectionCode, message: string) {
    super(message);
    this.code = code;
  }

  get isUnauthenticated(): boolean {
    return UNAUTHENTICATED.has(this.code);
  }

  /** Whether any caller could have caused it: nothing was proven by then. */
  get isOfStranger(): boolean {
    return this.isUnauthenticated || BEFORE_PROOF.has(this.code);
  }
}
