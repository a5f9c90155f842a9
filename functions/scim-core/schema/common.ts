import { type Attribute, attribute, complex } from './attribute.ts';

const READ_ONLY = { mutability: 'readOnly' } as const;

/** Computed from what a resource holds, whatever a client sends: the two can't disagree. */
const SCHEMAS = attribute('schemas', {
  type: 'reference',
  referenceTypes: ['uri'],
  multiValued: true,
  required: true,
  // RFC 7644 section 3.10: URNs are compared without regard to case.
  caseExact: false,
  mutability: 'readOnly',
  returned: 'always',
});

/** What every resource has without any schema saying so (RFC 7643 section 3.1). */
export const COMMON_ATTRIBUTES: readonly Attribute[] = [
  SCHEMAS,
  attribute('id', {
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  }),
  attribute('externalId', {
    caseExact: true,
  }),
  complex(
    'meta',
    [
      attribute('resourceType', { ...READ_ONLY, caseExact: true }),
      attribute('created', { ...READ_ONLY, type: 'dateTime' }),
      attribute('lastModified', { ...READ_ONLY, type: 'dateTime' }),
      attribute('location', {
        ...READ_ONLY,
        type: 'reference',
        referenceTypes: ['uri'],
      }),
      attribute('version', { ...READ_ONLY, caseExact: true }),
    ],
    READ_ONLY,
  ),
];
