import { attribute, complex, type Schema } from './attribute.ts';

const READ_ONLY = { mutability: 'readOnly' } as const;
const MULTI_VALUED = { multiValued: true } as const;
const PROFICIENCY = attribute('proficiency', 'How well the agent masters it.', {
  canonicalValues: ['expert', 'good', 'average', 'novice'],
});

/** What a person may wish for the agent, by name; and, read-only, how far its provisioning has come. */
export const AGENT_EXTENSION: Schema = {
  id: 'urn:agent-provisioner:params:scim:schemas:extension:agent:1.0:User',
  name: 'Agent',
  description: 'The contact-centre agent of a user',
  attributes: [
    attribute('agentGroup', 'The name of the agent group.'),
    attribute('role', 'The name of the role.'),
    complex(
      'skills',
      'The skills of the agent.',
      [attribute('skill', 'The name of the skill.', { required: true }), PROFICIENCY],
      MULTI_VALUED,
    ),
    complex(
      'languages',
      'The languages the agent speaks or writes.',
      [
        attribute('language', 'A language tag, such as en.', { required: true }),
        PROFICIENCY,
        attribute('channel', 'Where the language is used; everywhere when left out.', {
          canonicalValues: ['chat', 'voice'],
        }),
      ],
      MULTI_VALUED,
    ),
    complex(
      'queues',
      'The queues the agent serves.',
      [
        attribute('value', 'The name of the queue.', { required: true }),
        attribute('preferred', 'Whether the agent prefers this queue.', { type: 'boolean' }),
      ],
      MULTI_VALUED,
    ),
    complex(
      'provisioning',
      'How far the agent has come. Set by the service provider.',
      [
        attribute('state', 'Where the agent stands.', {
          ...READ_ONLY,
          canonicalValues: ['due', 'provisioned', 'suspended', 'waiting', 'held', 'failed', 'removed'],
        }),
        attribute('agentId', "The agent's id in the contact centre.", { ...READ_ONLY, caseExact: true }),
        attribute('customId', "The agent's extension number in the contact centre.", {
          ...READ_ONLY,
          caseExact: true,
        }),
        attribute('reason', 'Why the agent stands so, and what it waits for.', READ_ONLY),
        attribute('since', 'Since when the agent stands so.', { ...READ_ONLY, type: 'dateTime' }),
        attribute('nextTry', 'When it is tried next, at the earliest.', { ...READ_ONLY, type: 'dateTime' }),
        attribute('correlationId', 'What the service provider logs it under.', {
          ...READ_ONLY,
          caseExact: true,
        }),
        attribute('lastError', 'Why the last attempt failed.', READ_ONLY),
        attribute('updatedAt', 'When the state last changed.', { ...READ_ONLY, type: 'dateTime' }),
      ],
      READ_ONLY,
    ),
  ],
};
