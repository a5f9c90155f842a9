import {
  attribute,
  complex,
  primarySubAttribute,
  type Schema,
  typeSubAttribute,
  valueSubAttributes,
} from './attribute.ts';

const READ_ONLY = { mutability: 'readOnly' } as const;
const MULTI_VALUED = { multiValued: true } as const;
const PLACES = ['work', 'home', 'other'];

const NAME = complex('name', [
  attribute('formatted'),
  attribute('familyName'),
  attribute('givenName'),
  attribute('middleName'),
  attribute('honorificPrefix'),
  attribute('honorificSuffix'),
]);

const ADDRESSES = complex(
  'addresses',
  [
    attribute('formatted'),
    attribute('streetAddress'),
    attribute('locality'),
    attribute('region'),
    attribute('postalCode'),
    attribute('country'),
    typeSubAttribute(PLACES),
    // Missing from the schema of section 8.7.1, yet in the examples of section 8.2 and of RFC 7644 section 3.5.2.3.
    primarySubAttribute(),
  ],
  MULTI_VALUED,
);

const GROUPS = complex(
  'groups',
  [
    // An id, and ids are case exact.
    attribute('value', { ...READ_ONLY, caseExact: true }),
    attribute('$ref', {
      ...READ_ONLY,
      type: 'reference',
      referenceTypes: ['User', 'Group'],
    }),
    attribute('display', READ_ONLY),
    attribute('type', {
      ...READ_ONLY,
      canonicalValues: ['direct', 'indirect'],
    }),
  ],
  { ...MULTI_VALUED, ...READ_ONLY },
);

/** RFC 7643 sections 4.1 and 8.7.1. */
export const USER: Schema = {
  id: 'urn:ietf:params:scim:schemas:core:2.0:User',
  name: 'User',
  description: 'User Account',
  attributes: [
    attribute('userName', {
      required: true,
      uniqueness: 'server',
    }),
    NAME,
    attribute('displayName'),
    attribute('nickName'),
    attribute('profileUrl', {
      type: 'reference',
      referenceTypes: ['external'],
    }),
    attribute('title'),
    attribute('userType'),
    attribute('preferredLanguage'),
    attribute('locale'),
    attribute('timezone'),
    attribute('active', { type: 'boolean' }),
    attribute('password', {
      mutability: 'writeOnly',
      returned: 'never',
    }),
    complex('emails', valueSubAttributes(attribute('value'), PLACES), MULTI_VALUED),
    complex(
      'phoneNumbers',
      valueSubAttributes(attribute('value'), ['work', 'home', 'mobile', 'fax', 'pager', 'other']),
      MULTI_VALUED,
    ),
    complex(
      'ims',
      valueSubAttributes(attribute('value'), ['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo']),
      MULTI_VALUED,
    ),
    complex(
      'photos',
      valueSubAttributes(attribute('value', { type: 'reference', referenceTypes: ['external'] }), [
        'photo',
        'thumbnail',
      ]),
      MULTI_VALUED,
    ),
    ADDRESSES,
    GROUPS,
    complex('entitlements', valueSubAttributes(attribute('value')), MULTI_VALUED),
    complex('roles', valueSubAttributes(attribute('value')), MULTI_VALUED),
    complex('x509Certificates', valueSubAttributes(attribute('value', { type: 'binary' })), MULTI_VALUED),
  ],
};
