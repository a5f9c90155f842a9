/** Something that an operator asked for can't be done; the message says what would be right. */
export class OperateError extends Error {
  override readonly name = 'OperateError';
  readonly code: 'unknown-person' | 'unknown-group' | 'invalid' | 'changed' | 'unavailable';

  constructor(code: OperateError['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
