/** A secret that can't be used. The message names the secret and the reason and never quotes what the secret holds. */
export class SecretError extends Error {
  override readonly name = 'SecretError';
  readonly code: 'secret-missing' | 'secret-denied' | 'secret-malformed' | 'secret-unreadable';

  constructor(code: SecretError['code'], message: string) {
    super(message);
    this.code = code;
  }
}
