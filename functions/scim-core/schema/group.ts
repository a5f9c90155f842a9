import { attribute, complex, type Schema } from './attribute.ts';

const IMMUTABLE = { mutability: 'immutable' } as const;

/** RFC 7643 sections 4.2 and 8.7.1. */
export const GROUP: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  name: 'Group',
  description: 'Group',
  attributes: [
    // Erratum 5368 of RFC 7643: REQUIRED in the text of section 4.2, and so in the schema.
    attribute('displayName', { required: true }),
    complex(
      'members',
      [
        // An id, and ids are case exact.
        attribute('value', { ...IMMUTABLE, required: true, caseExact: true }),
        attribute('$ref', {
          ...IMMUTABLE,
          type: 'reference',
          referenceTypes: ['User', 'Group'],
        }),
        attribute('display', IMMUTABLE),
        attribute('type', { ...IMMUTABLE, canonicalValues: ['User', 'Group'] }),
      ],
      { multiValued: true },
    ),
  ],
};
