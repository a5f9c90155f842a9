/**
 * A person as a SCIM User resource (RFC 7643 section 4.1): attribute names in the schema's own spelling, values exactly
 * as they were sent. Every source is normalised to this one form.
 */
export interface Person {
  readonly userName: string;
  readonly externalId?: string;
  readonly active?: boolean;
  readonly name?: Name;
  readonly displayName?: string;
  readonly emails?: readonly MultiValue[];
  readonly phoneNumbers?: readonly MultiValue[];
  /** Every other attribute of the core schema, and extensions under their schema URN. */
  readonly [attribute: string]: unknown;
}

export interface Name {
  readonly formatted?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly middleName?: string;
  readonly honorificPrefix?: string;
  readonly honorificSuffix?: string;
}

/** An element of a multi-valued attribute (RFC 7643 section 2.4). */
export interface MultiValue {
  readonly value?: string;
  readonly display?: string;
  readonly type?: string;
  readonly primary?: boolean;
  readonly $ref?: string;
}
