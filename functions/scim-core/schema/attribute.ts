/**
 * One attribute of a schema, with the characteristics of RFC 7643 sections 2.2 and 7. What it is for is said where a client
 * asks for it, by discovery.
 */
export interface Attribute {
  readonly name: string;
  readonly type:
    | 'string'
    | 'boolean'
    | 'decimal'
    | 'integer'
    | 'dateTime'
    | 'reference'
    | 'complex'
    | 'binary';
  readonly multiValued: boolean;
  readonly required: boolean;
  /** Suggestions, not a restriction: other values are kept as sent (RFC 7643 section 2.3.1 leaves the choice). */
  readonly canonicalValues?: readonly string[];
  readonly caseExact: boolean;
  readonly mutability: 'readOnly' | 'readWrite' | 'immutable' | 'writeOnly';
  readonly returned: 'always' | 'never' | 'default' | 'request';
  readonly uniqueness: 'none' | 'server' | 'global';
  readonly referenceTypes?: readonly string[];
  readonly subAttributes?: readonly Attribute[];
}

export interface Schema {
  /** The URN. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly Attribute[];
}

export type Characteristics = Partial<Omit<Attribute, 'name'>>;

/** An attribute with the defaults of RFC 7643 section 2.2 wherever `characteristics` says nothing else. */
export function attribute(name: string, characteristics: Characteristics = {}): Attribute {
  const type = characteristics.type ?? 'string';
  return {
    name,
    type,
    multiValued: false,
    required: false,
    // Section 2.3: references and binaries are case exact, whatever the example of section 8.7.1 says.
    caseExact: type === 'reference' || type === 'binary',
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    ...characteristics,
  };
}

/** A complex attribute. */
export function complex(
  name: string,
  subAttributes: readonly Attribute[],
  characteristics: Characteristics = {},
): Attribute {
  return attribute(name, { ...characteristics, type: 'complex', subAttributes });
}

/** The sub-attributes that multi-valued attributes have by default (RFC 7643 section 2.4), less `$ref`. */
export function valueSubAttributes(value: Attribute, types?: readonly string[]): Attribute[] {
  return [value, attribute('display'), typeSubAttribute(types), primarySubAttribute()];
}

export function typeSubAttribute(types?: readonly string[]): Attribute {
  return attribute('type', types === undefined ? {} : { canonicalValues: types });
}

export function primarySubAttribute(): Attribute {
  return attribute('primary', {
    type: 'boolean',
  });
}
