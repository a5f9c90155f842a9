import { attribute, type Schema } from './attribute.ts';

const READ_ONLY = { mutability: 'readOnly' } as const;
const NAME = attribute('displayName', {
  ...READ_ONLY,
  required: true,
});
const DESCRIPTION = attribute('description', READ_ONLY);

/** Okta's schema of what a user can be granted: developer.okta.com, "Build a SCIM 2.0 server with entitlements". */
export const ENTITLEMENT: Schema = {
  id: 'urn:okta:scim:schemas:core:1.0:Entitlement',
  name: 'Entitlement',
  description: 'What a user can be granted',
  attributes: [NAME, attribute('type', { ...READ_ONLY, required: true }), DESCRIPTION],
};

/** Okta's schema of a role, as above. */
export const ROLE: Schema = {
  id: 'urn:okta:scim:schemas:core:1.0:Role',
  name: 'Role',
  description: 'A role that a user can be granted',
  attributes: [NAME, DESCRIPTION],
};
