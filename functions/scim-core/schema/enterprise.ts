import { attribute, complex, type Schema } from './attribute.ts';

/** RFC 7643 sections 4.3 and 8.7.1. */
export const ENTERPRISE_USER: Schema = {
  id: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  attributes: [
    attribute('employeeNumber'),
    attribute('costCenter'),
    attribute('organization'),
    attribute('division'),
    attribute('department'),
    complex('manager', [
      // An id, and ids are case exact.
      attribute('value', { caseExact: true }),
      attribute('$ref', {
        type: 'reference',
        referenceTypes: ['User'],
      }),
      // Read-only in the RFC. Managers are not resolved here, so the name the client sent is the only one there is.
      attribute('displayName'),
    ]),
  ],
};
