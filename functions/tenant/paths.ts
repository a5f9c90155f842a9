import * as z from 'zod';
import { customFields } from './agent-values.ts';
import { agentSource } from './text.ts';

const DEFAULT_PATHS = {
  emailId: 'emails[primary eq true].value | emails[type eq "work"].value | emails.value | userName',
  firstName: 'name.givenName',
  lastName: 'name.familyName',
  phoneNumber: {
    from: 'phoneNumbers[primary eq true].value | phoneNumbers[type eq "work"].value | phoneNumbers.value',
    as: 'digits' as const,
  },
};

const about = (what: string, ...examples: unknown[]) => ({
  description: `Where ${what} comes from: a SCIM path, several with | between, a template, or { from, as, map … }.`,
  examples,
});

/** The `agent` section of a tenant: fields that come from the person's own attributes. */
export const paths = z
  .strictObject({
    emailId: agentSource
      .prefault(DEFAULT_PATHS.emailId)
      .meta(about('the e-mail address', DEFAULT_PATHS.emailId)),
    firstName: agentSource
      .prefault(DEFAULT_PATHS.firstName)
      .meta(
        about('the first name', 'name.givenName | displayName', { from: 'name.givenName', truncate: 50 }),
      ),
    lastName: agentSource
      .prefault(DEFAULT_PATHS.lastName)
      .meta(about('the last name', 'name.familyName | userName', { from: 'name.familyName', truncate: 50 })),
    phoneNumber: agentSource.prefault(DEFAULT_PATHS.phoneNumber).meta(
      about('the phone number', DEFAULT_PATHS.phoneNumber, {
        from: 'phoneNumbers.value',
        as: 'e164',
        region: 'DE',
      }),
    ),
    nickName: agentSource
      .optional()
      .meta(about('the nickname', 'nickName', '{name.givenName} {name.familyName}')),
    profImage: agentSource.optional().meta(about('the file id of the profile image', 'photos.value')),
    callRegion: agentSource
      .optional()
      .meta(about('the region of calls', { from: 'addresses.country', as: 'upper' })),
    agentGroup: agentSource.optional().meta(
      about('the name of the agent group', {
        from: 'department',
        map: { Accounts: 'Billing' },
        otherwise: null,
      }),
    ),
    role: agentSource.optional().meta(
      about('the name of the role', {
        from: 'title',
        map: { 'Team Lead': 'Supervisor' },
        otherwise: 'Agent',
      }),
    ),
    custom: customFields(agentSource, 'employeeNumber').optional(),
  })
  .prefault({});
export type AgentPaths = z.output<typeof paths>;
