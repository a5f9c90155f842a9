import { attribute, complex, type Schema } from './attribute.ts';

const IMMUTABLE = { mutability: 'immutable' } as const;

/** RFC 7643 sections 4.2 and 8.7.1. */
export const GROUP: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  name: 'Group',
  description: 'Group',
  attributes: [
    // Erratum 5368 of RFC 7643: REQUIRED in the text of section 4.2, and so in the schema.
    attribute('displayName', 'A human-readable name for the group.', { required: true }),
    complex(
      'members',
      'The members of the group.',
      [
        // An id, and ids are case exact.
        attribute('value', 'Identifier of the member.', { ...IMMUTABLE, required: true, caseExact: true }),
        attribute('$ref', 'The URI of the member.', {
          ...IMMUTABLE,
          type: 'reference',
          referenceTypes: ['User', 'Group'],
        }),
        attribute('display', 'A human-readable name of the member.', IMMUTABLE),
        attribute('type', 'The kind of member.', { ...IMMUTABLE, canonicalValues: ['User', 'Group'] }),
      ],
      { multiValued: true },
    ),
  ],
};
