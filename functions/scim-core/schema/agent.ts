import { attribute, complex, type Schema } from './attribute.ts';

const READ_ONLY = { mutability: 'readOnly' } as const;
const MULTI_VALUED = { multiValued: true } as const;
const PROFICIENCY = attribute('proficiency', {
  canonicalValues: ['expert', 'good', 'average', 'novice'],
});

/** What a person may wish for the agent, by name; and, read-only, how far its provisioning has come. */
export const AGENT_EXTENSION: Schema = {
  id: 'urn:agent-provisioner:params:scim:schemas:extension:agent:1.0:User',
  name: 'Agent',
  description: 'The contact-centre agent of a user',
  attributes: [
    attribute('agentGroup'),
    attribute('role'),
    complex('skills', [attribute('skill', { required: true }), PROFICIENCY], MULTI_VALUED),
    complex(
      'languages',
      [
        attribute('language', { required: true }),
        PROFICIENCY,
        attribute('channel', {
          canonicalValues: ['chat', 'voice'],
        }),
      ],
      MULTI_VALUED,
    ),
    complex(
      'queues',
      [attribute('value', { required: true }), attribute('preferred', { type: 'boolean' })],
      MULTI_VALUED,
    ),
    complex(
      'provisioning',
      [
        attribute('state', {
          ...READ_ONLY,
          canonicalValues: ['due', 'provisioned', 'suspended', 'waiting', 'held', 'failed', 'removed'],
        }),
        attribute('agentId', { ...READ_ONLY, caseExact: true }),
        attribute('customId', {
          ...READ_ONLY,
          caseExact: true,
        }),
        attribute('reason', READ_ONLY),
        attribute('since', { ...READ_ONLY, type: 'dateTime' }),
        attribute('nextTry', { ...READ_ONLY, type: 'dateTime' }),
        attribute('correlationId', {
          ...READ_ONLY,
          caseExact: true,
        }),
        attribute('lastError', READ_ONLY),
        attribute('updatedAt', { ...READ_ONLY, type: 'dateTime' }),
      ],
      READ_ONLY,
    ),
  ],
};
