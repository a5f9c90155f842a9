import { attribute, complex, type Schema } from './attribute.ts';

/** RFC 7643 sections 4.3 and 8.7.1. */
export const ENTERPRISE_USER: Schema = {
  id: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  name: 'EnterpriseUser',
  description: 'Enterprise User',
  attributes: [
    attribute('employeeNumber', 'Identifier assigned to a person, typically by order of hire.'),
    attribute('costCenter', 'The name of a cost center.'),
    attribute('organization', 'The name of an organization.'),
    attribute('division', 'The name of a division.'),
    attribute('department', 'The name of a department.'),
    complex('manager', "The user's manager.", [
      // An id, and ids are case exact.
      attribute('value', "The id of the manager's User resource.", { caseExact: true }),
      attribute('$ref', "The URI of the manager's User resource.", {
        type: 'reference',
        referenceTypes: ['User'],
      }),
      // Read-only in the RFC. Managers are not resolved here, so the name the client sent is the only one there is.
      attribute('displayName', 'The displayName of the manager.'),
    ]),
  ],
};
