/** The detail error keywords of a 400 response (RFC 7644 section 3.12, table 9; RFC 9865 section 2.1). */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue'
  | 'invalidVers'
  | 'sensitive'
  | 'invalidCursor'
  | 'expiredCursor'
  | 'invalidCount';

/**
 * What a client sent can't be taken. `message` is written for the administrator of an identity provider: it names the
 * attribute, the offending value (shortened) and what would be right.
 */
export class ScimInputError extends Error {
  override readonly name = 'ScimInputError';
  readonly code: ScimType;
  /** The attribute concerned, as `emails.value`. */
  readonly attribute?: string;
  /** 0-based column in the filter or path where reading stopped. */
  readonly position?: number;

  constructor(code: ScimType, message: string, at: { attribute?: string; position?: number } = {}) {
    super(message);
    this.code = code;
    if (at.attribute !== undefined) this.attribute = at.attribute;
    if (at.position !== undefined) this.position = at.position;
  }
}

/** A name or schema that is in no schema of the resource: what a client may send and a server ignore. */
export class UnknownNameError extends ScimInputError {}

const QUOTED_LENGTH = 60;

/** Attributes whose values never appear in a message: messages end up in the logs of other companies. */
const UNSPEAKABLE = /^(password|phoneNumbers)\b/i;

/** As people write one with its country. */
const PHONE_NUMBER = /\+\d[\d ()/.-]{5,}/g;

/**
 * A value as a message may show it: strings in JSON's quotes and cut to 60 characters, lists and objects by their kind
 * alone, also as the text of one, phone numbers and passwords not at all.
 */
export function quote(value: unknown, attribute = ''): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  if (UNSPEAKABLE.test(attribute)) return 'the value sent';
  if (typeof value !== 'string') return String(value);
  // Anything may be in it, a password as well.
  if (/^\s{0,9}[{[]/.test(value)) return 'a text of JSON';
  const cut = value.length > QUOTED_LENGTH ? `${value.slice(0, QUOTED_LENGTH)}…` : value;
  return JSON.stringify(cut.replace(PHONE_NUMBER, '(number)'));
}
