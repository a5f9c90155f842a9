import { type Attribute, attribute, complex } from './attribute.ts';

const READ_ONLY = { mutability: 'readOnly' } as const;

/** Computed from what a resource holds, whatever a client sends: the two can't disagree. */
const SCHEMAS = attribute('schemas', 'The URNs of the schemas the resource has attributes of.', {
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
  attribute('id', 'A unique identifier for the resource, issued by the service provider.', {
    caseExact: true,
    mutability: 'readOnly',
    returned: 'always',
    uniqueness: 'server',
  }),
  attribute('externalId', 'An identifier for the resource, issued by the provisioning client.', {
    caseExact: true,
  }),
  complex(
    'meta',
    'Metadata of the resource, all assigned by the service provider.',
    [
      attribute('resourceType', 'The name of the resource type.', { ...READ_ONLY, caseExact: true }),
      attribute('created', 'When the resource was added.', { ...READ_ONLY, type: 'dateTime' }),
      attribute('lastModified', 'When the resource was last changed.', { ...READ_ONLY, type: 'dateTime' }),
      attribute('location', 'The URI of the resource.', {
        ...READ_ONLY,
        type: 'reference',
        referenceTypes: ['uri'],
      }),
      attribute('version', 'The version (entity-tag) of the resource.', { ...READ_ONLY, caseExact: true }),
    ],
    READ_ONLY,
  ),
];
