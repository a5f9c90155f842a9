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

const NAME = complex('name', "The components of the user's name.", [
  attribute('formatted', 'The full name, formatted for display.'),
  attribute('familyName', 'The family name, or last name in most Western languages.'),
  attribute('givenName', 'The given name, or first name in most Western languages.'),
  attribute('middleName', 'The middle name(s).'),
  attribute('honorificPrefix', 'The honorific prefix(es), or title in most Western languages.'),
  attribute('honorificSuffix', 'The honorific suffix(es), or suffix in most Western languages.'),
]);

const ADDRESSES = complex(
  'addresses',
  'Physical mailing addresses of the user.',
  [
    attribute('formatted', 'The full mailing address, formatted for display or a mailing label.'),
    attribute('streetAddress', 'The full street address, which may have several lines.'),
    attribute('locality', 'The city or locality.'),
    attribute('region', 'The state or region.'),
    attribute('postalCode', 'The zip code or postal code.'),
    attribute('country', 'The country, as an ISO 3166-1 alpha-2 code.'),
    typeSubAttribute(PLACES),
    // Missing from the schema of section 8.7.1, yet in the examples of section 8.2 and of RFC 7644 section 3.5.2.3.
    primarySubAttribute(),
  ],
  MULTI_VALUED,
);

const GROUPS = complex(
  'groups',
  'The groups the user belongs to. Changed through the Group resource.',
  [
    // An id, and ids are case exact.
    attribute('value', "The identifier of the user's group.", { ...READ_ONLY, caseExact: true }),
    attribute('$ref', 'The URI of the Group resource.', {
      ...READ_ONLY,
      type: 'reference',
      referenceTypes: ['User', 'Group'],
    }),
    attribute('display', 'The displayName of the group.', READ_ONLY),
    attribute('type', 'How the membership came about.', {
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
    attribute('userName', 'Unique identifier for the user, typically used to sign in.', {
      required: true,
      uniqueness: 'server',
    }),
    NAME,
    attribute('displayName', 'The name of the user, suitable for display to end-users.'),
    attribute('nickName', 'The casual way to address the user in real life.'),
    attribute('profileUrl', "A URL of the user's online profile.", {
      type: 'reference',
      referenceTypes: ['external'],
    }),
    attribute('title', "The user's title, such as “Vice President”."),
    attribute('userType', 'The relationship between the organization and the user.'),
    attribute('preferredLanguage', "The user's preferred written or spoken language."),
    attribute('locale', "The user's default location, for currency, date and number formats."),
    attribute('timezone', 'The time zone in the “Olson” format, such as America/Los_Angeles.'),
    attribute('active', "The user's administrative status.", { type: 'boolean' }),
    attribute('password', 'Accepted for compatibility and never stored.', {
      mutability: 'writeOnly',
      returned: 'never',
    }),
    complex(
      'emails',
      'E-mail addresses of the user.',
      valueSubAttributes(attribute('value', 'An e-mail address.'), PLACES),
      MULTI_VALUED,
    ),
    complex(
      'phoneNumbers',
      'Phone numbers of the user.',
      valueSubAttributes(attribute('value', 'A phone number.'), [
        'work',
        'home',
        'mobile',
        'fax',
        'pager',
        'other',
      ]),
      MULTI_VALUED,
    ),
    complex(
      'ims',
      'Instant messaging addresses of the user.',
      valueSubAttributes(attribute('value', 'An instant messaging address.'), [
        'aim',
        'gtalk',
        'icq',
        'xmpp',
        'msn',
        'skype',
        'qq',
        'yahoo',
      ]),
      MULTI_VALUED,
    ),
    complex(
      'photos',
      'URLs of photos of the user.',
      valueSubAttributes(
        attribute('value', 'URL of a photo.', { type: 'reference', referenceTypes: ['external'] }),
        ['photo', 'thumbnail'],
      ),
      MULTI_VALUED,
    ),
    ADDRESSES,
    GROUPS,
    complex(
      'entitlements',
      'Things the user has.',
      valueSubAttributes(attribute('value', 'An entitlement.')),
      MULTI_VALUED,
    ),
    complex(
      'roles',
      'Who the user is, such as “Student” or “Faculty”.',
      valueSubAttributes(attribute('value', 'A role.')),
      MULTI_VALUED,
    ),
    complex(
      'x509Certificates',
      'Certificates issued to the user.',
      valueSubAttributes(
        attribute('value', 'One DER-encoded X.509 certificate in base64.', { type: 'binary' }),
      ),
      MULTI_VALUED,
    ),
  ],
};
