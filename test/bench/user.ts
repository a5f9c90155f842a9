/** A user as identity providers send one, for every benchmark the same. */
export function userOf(name: string) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: `${name}@example.com`,
    externalId: `external-${name}`,
    name: { givenName: 'Given', familyName: name },
    displayName: `Given ${name}`,
    emails: [{ value: `${name}@example.com`, type: 'work', primary: true }],
    phoneNumbers: [{ value: '+1 555 0100', type: 'work' }],
    active: true,
  };
}
