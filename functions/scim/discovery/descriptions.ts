import type { Attribute } from '../../scim-core/schema/attribute.ts';
import { ENTITLEMENT, ROLE } from '../../scim-core/schema/entitlement.ts';
import { AGENT_EXTENSION, ENTERPRISE_USER, GROUP, type Schema, USER } from '../../scim-core/schema.ts';

/** An attribute as `/Schemas` shows it. */
export type DescribedAttribute = Attribute & { readonly description: string };

export function described(attribute: Attribute, description: string): DescribedAttribute {
  return { ...attribute, description };
}

/** A schema whose attributes say what they are for; one that says it already stays as it is. */
export function describedSchema(schema: Schema): Schema {
  const texts = TEXTS.get(schema.id);
  if (texts === undefined) return schema;
  const sub = (parent: string) => (attribute: Attribute) =>
    described(attribute, texts[`${parent}.${attribute.name}`] ?? COMMON[attribute.name] ?? '');
  const attributes = schema.attributes.map((attribute) => {
    const { name, subAttributes } = attribute;
    const shown = described(attribute, texts[name] ?? '');
    return subAttributes === undefined ? shown : { ...shown, subAttributes: subAttributes.map(sub(name)) };
  });
  return { ...schema, attributes };
}

/** Of the sub-attributes that multi-valued attributes have by default (RFC 7643 section 2.4). */
const COMMON: Readonly<Record<string, string>> = {
  display: 'A human-readable name, primarily used for display purposes.',
  type: "A label indicating the attribute's function.",
  primary: 'Whether this is the preferred value. True at most once an attribute.',
};

/**
 * What attributes are for, by the URN of their schema and their names. They stand apart from the schemas, which every
 * function loads, while the texts are read by clients alone that ask for `/Schemas`.
 */
const TEXTS: ReadonlyMap<string, Readonly<Record<string, string>>> = new Map([
  [
    USER.id,
    {
      userName: 'Unique identifier for the user, typically used to sign in.',
      name: "The components of the user's name.",
      'name.formatted': 'The full name, formatted for display.',
      'name.familyName': 'The family name, or last name in most Western languages.',
      'name.givenName': 'The given name, or first name in most Western languages.',
      'name.middleName': 'The middle name(s).',
      'name.honorificPrefix': 'The honorific prefix(es), or title in most Western languages.',
      'name.honorificSuffix': 'The honorific suffix(es), or suffix in most Western languages.',
      displayName: 'The name of the user, suitable for display to end-users.',
      nickName: 'The casual way to address the user in real life.',
      profileUrl: "A URL of the user's online profile.",
      title: "The user's title, such as “Vice President”.",
      userType: 'The relationship between the organization and the user.',
      preferredLanguage: "The user's preferred written or spoken language.",
      locale: "The user's default location, for currency, date and number formats.",
      timezone: 'The time zone in the “Olson” format, such as America/Los_Angeles.',
      active: "The user's administrative status.",
      password: 'Accepted for compatibility and never stored.',
      emails: 'E-mail addresses of the user.',
      'emails.value': 'An e-mail address.',
      phoneNumbers: 'Phone numbers of the user.',
      'phoneNumbers.value': 'A phone number.',
      ims: 'Instant messaging addresses of the user.',
      'ims.value': 'An instant messaging address.',
      photos: 'URLs of photos of the user.',
      'photos.value': 'URL of a photo.',
      addresses: 'Physical mailing addresses of the user.',
      'addresses.formatted': 'The full mailing address, formatted for display or a mailing label.',
      'addresses.streetAddress': 'The full street address, which may have several lines.',
      'addresses.locality': 'The city or locality.',
      'addresses.region': 'The state or region.',
      'addresses.postalCode': 'The zip code or postal code.',
      'addresses.country': 'The country, as an ISO 3166-1 alpha-2 code.',
      groups: 'The groups the user belongs to. Changed through the Group resource.',
      'groups.value': "The identifier of the user's group.",
      'groups.$ref': 'The URI of the Group resource.',
      'groups.display': 'The displayName of the group.',
      'groups.type': 'How the membership came about.',
      entitlements: 'Things the user has.',
      'entitlements.value': 'An entitlement.',
      roles: 'Who the user is, such as “Student” or “Faculty”.',
      'roles.value': 'A role.',
      x509Certificates: 'Certificates issued to the user.',
      'x509Certificates.value': 'One DER-encoded X.509 certificate in base64.',
    },
  ],
  [
    GROUP.id,
    {
      displayName: 'A human-readable name for the group.',
      members: 'The members of the group.',
      'members.value': 'Identifier of the member.',
      'members.$ref': 'The URI of the member.',
      'members.display': 'A human-readable name of the member.',
      'members.type': 'The kind of member.',
    },
  ],
  [
    ENTERPRISE_USER.id,
    {
      employeeNumber: 'Identifier assigned to a person, typically by order of hire.',
      costCenter: 'The name of a cost center.',
      organization: 'The name of an organization.',
      division: 'The name of a division.',
      department: 'The name of a department.',
      manager: "The user's manager.",
      'manager.value': "The id of the manager's User resource.",
      'manager.$ref': "The URI of the manager's User resource.",
      'manager.displayName': 'The displayName of the manager.',
    },
  ],
  [
    AGENT_EXTENSION.id,
    {
      agentGroup: 'The name of the agent group.',
      role: 'The name of the role.',
      skills: 'The skills of the agent.',
      'skills.skill': 'The name of the skill.',
      'skills.proficiency': 'How well the agent masters it.',
      languages: 'The languages the agent speaks or writes.',
      'languages.language': 'A language tag, such as en.',
      'languages.proficiency': 'How well the agent masters it.',
      'languages.channel': 'Where the language is used; everywhere when left out.',
      queues: 'The queues the agent serves.',
      'queues.value': 'The name of the queue.',
      'queues.preferred': 'Whether the agent prefers this queue.',
      provisioning: 'How far the agent has come. Set by the service provider.',
      'provisioning.state': 'Where the agent stands.',
      'provisioning.agentId': "The agent's id in the contact centre.",
      'provisioning.customId': "The agent's extension number in the contact centre.",
      'provisioning.reason': 'Why the agent stands so, and what it waits for.',
      'provisioning.since': 'Since when the agent stands so.',
      'provisioning.nextTry': 'When it is tried next, at the earliest.',
      'provisioning.correlationId': 'What the service provider logs it under.',
      'provisioning.lastError': 'Why the last attempt failed.',
      'provisioning.updatedAt': 'When the state last changed.',
    },
  ],
  [
    ENTITLEMENT.id,
    {
      displayName: 'The name that is shown to who asks for it and who approves it.',
      type: 'The name of the resource type.',
      description: 'What it gives, in a sentence.',
    },
  ],
  [
    ROLE.id,
    {
      displayName: 'The name that is shown to who asks for it and who approves it.',
      description: 'What it gives, in a sentence.',
    },
  ],
]);
