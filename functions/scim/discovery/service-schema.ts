import {
  type Attribute,
  attribute as bare,
  complex as bareComplex,
  type Characteristics,
} from '../../scim-core/schema/attribute.ts';
import type { Schema } from '../../scim-core/schema.ts';
import { described } from './descriptions.ts';

/** The schemas of what a service provider says of itself (RFC 7643 section 8.7.2, RFC 9865 section 4). All read-only. */

const READ_ONLY = { mutability: 'readOnly' } as const;
const REQUIRED = { ...READ_ONLY, required: true } as const;
const MULTI_VALUED = { multiValued: true } as const;
const EXTERNAL = { ...READ_ONLY, type: 'reference', referenceTypes: ['external'] } as const;

const attribute = (name: string, description: string, characteristics: Characteristics = {}) =>
  described(bare(name, characteristics), description);
const complex = (
  name: string,
  description: string,
  subAttributes: readonly Attribute[],
  characteristics: Characteristics = {},
) => described(bareComplex(name, subAttributes, characteristics), description);
const flag = (name: string, description: string, required = true): Attribute =>
  attribute(name, description, { ...READ_ONLY, required, type: 'boolean' });
const text = (name: string, description: string, characteristics = {}): Attribute =>
  attribute(name, description, { ...REQUIRED, ...characteristics });
const number = (name: string, description: string, required = true): Attribute =>
  attribute(name, description, { ...READ_ONLY, required, type: 'integer' });
const uri = (name: string, description: string): Attribute =>
  text(name, description, { type: 'reference', referenceTypes: ['uri'], caseExact: true });

const SUPPORTED = flag('supported', 'A Boolean value specifying whether or not the operation is supported.');
const feature = (name: string, description: string, more: readonly Attribute[] = []): Attribute =>
  complex(name, description, [SUPPORTED, ...more], REQUIRED);

export const SERVICE_PROVIDER_CONFIG: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig',
  name: 'Service Provider Configuration',
  description: "Schema for representing the service provider's configuration",
  attributes: [
    attribute(
      'documentationUri',
      "An HTTP-addressable URL of the service provider's human-consumable help documentation.",
      EXTERNAL,
    ),
    feature('patch', 'PATCH configuration options.'),
    feature('bulk', 'Bulk configuration options.', [
      number('maxOperations', 'The maximum number of operations.'),
      number('maxPayloadSize', 'The maximum payload size in bytes.'),
    ]),
    feature('filter', 'FILTER options.', [
      number('maxResults', 'The maximum number of resources returned in a response.'),
    ]),
    feature('changePassword', 'Configuration options related to changing a password.'),
    feature('sort', 'Sort result options.'),
    feature('etag', 'ETag configuration options.'),
    complex(
      'pagination',
      'Pagination configuration options.',
      [
        flag('cursor', 'Whether cursor-based pagination is supported.'),
        flag('index', 'Whether index-based pagination is supported.'),
        text('defaultPaginationMethod', 'The method where the client names none.', {
          required: false,
          canonicalValues: ['cursor', 'index'],
        }),
        number('defaultPageSize', 'Results in a page where the client names no count.', false),
        number('maxPageSize', 'Results in a page at most.', false),
        number('cursorTimeout', 'Seconds that a cursor is valid at least.', false),
      ],
      READ_ONLY,
    ),
    complex(
      'authenticationSchemes',
      'Supported authentication scheme properties.',
      [
        text('type', 'The authentication scheme.', {
          canonicalValues: ['oauth', 'oauth2', 'oauthbearertoken', 'httpbasic', 'httpdigest'],
        }),
        text('name', 'The common authentication scheme name, e.g., HTTP Basic.'),
        text('description', 'A description of the authentication scheme.'),
        attribute('specUri', "URL of the authentication scheme's specification.", EXTERNAL),
        attribute('documentationUri', "URL of the authentication scheme's usage documentation.", EXTERNAL),
        flag('primary', 'Whether this is the preferred scheme.', false),
      ],
      { ...REQUIRED, ...MULTI_VALUED },
    ),
  ],
};

export const RESOURCE_TYPE: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:ResourceType',
  name: 'ResourceType',
  description: 'Specifies the schema that describes a SCIM resource type',
  attributes: [
    text('id', "The resource type's server unique id.", { required: false }),
    text('name', 'The resource type name.'),
    text('description', "The resource type's human-readable description.", { required: false }),
    uri('endpoint', "The resource type's HTTP-addressable endpoint relative to the Base URL."),
    uri('schema', "The resource type's primary/base schema URI."),
    complex(
      'schemaExtensions',
      "A list of URIs of the resource type's schema extensions.",
      [
        uri('schema', 'The URI of a schema extension.'),
        flag('required', 'Whether a resource of this type must include the extension.'),
      ],
      { ...READ_ONLY, ...MULTI_VALUED },
    ),
  ],
};

const CHARACTERISTICS: readonly Attribute[] = [
  text('name', "The attribute's name.", { caseExact: true }),
  text('type', "The attribute's data type.", {
    canonicalValues: [
      'string',
      'complex',
      'boolean',
      'decimal',
      'integer',
      'dateTime',
      'reference',
      'binary',
    ],
  }),
  flag('multiValued', "A Boolean value indicating an attribute's plurality."),
  text('description', 'A human-readable description of the attribute.', { required: false, caseExact: true }),
  flag('required', 'Whether the attribute is required.', false),
  text('canonicalValues', 'A collection of canonical values.', {
    ...MULTI_VALUED,
    required: false,
    caseExact: true,
  }),
  flag('caseExact', 'Whether a string attribute is case sensitive.', false),
  text('mutability', 'Whether an attribute is modifiable.', {
    required: false,
    caseExact: true,
    canonicalValues: ['readOnly', 'readWrite', 'immutable', 'writeOnly'],
  }),
  text('returned', 'When an attribute is returned in a response.', {
    required: false,
    caseExact: true,
    canonicalValues: ['always', 'never', 'default', 'request'],
  }),
  text('uniqueness', 'How unique a value must be.', {
    required: false,
    caseExact: true,
    canonicalValues: ['none', 'server', 'global'],
  }),
  text('referenceTypes', 'What a reference may refer to.', {
    ...MULTI_VALUED,
    required: false,
    caseExact: true,
  }),
];

export const SCHEMA: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:Schema',
  name: 'Schema',
  description: 'Specifies the schema that describes a SCIM schema',
  attributes: [
    text('id', 'The unique URI of the schema.', { returned: 'always' }),
    text('name', "The schema's human-readable name."),
    text('description', "The schema's human-readable description.", { required: false }),
    complex(
      'attributes',
      'A complex attribute that includes the attributes of a schema.',
      [
        ...CHARACTERISTICS,
        complex(
          'subAttributes',
          'Used to define the sub-attributes of a complex attribute.',
          CHARACTERISTICS,
          {
            ...READ_ONLY,
            ...MULTI_VALUED,
          },
        ),
      ],
      { ...REQUIRED, ...MULTI_VALUED },
    ),
  ],
};
