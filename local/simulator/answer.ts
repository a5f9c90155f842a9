export interface Answer {
  readonly kind: 'response';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `drop` cuts the connection without an answer, `hang` keeps it open without one. */
export type SimulatorAnswer = Answer | { readonly kind: 'drop' } | { readonly kind: 'hang' };

/** Thrown where a call can't be done; `refused` makes the answer of it. */
export class Rejection extends Error {
  override readonly name = 'Rejection';
  readonly status: number;
  readonly code: number;
  readonly messages: readonly string[];

  constructor(status: number, messages: string | readonly string[], code: number = status) {
    const list = typeof messages === 'string' ? [messages] : messages;
    super(list.join('; '));
    this.status = status;
    this.code = code;
    this.messages = list;
  }
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    kind: 'response',
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** The error envelope that the sibling APIs document: `{"errors":[{"msg","code"}]}`. */
export function refused(rejection: Rejection, headers: Record<string, string> = {}): Answer {
  const errors = rejection.messages.map((msg) => ({ msg, code: rejection.code }));
  return json(rejection.status, { errors }, headers);
}
