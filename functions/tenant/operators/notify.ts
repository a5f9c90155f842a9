import * as z from 'zod';
import { DEPLOYED } from '../generation/mark.ts';
import { NAME_RULE, TENANT_NAME } from '../name.ts';

/** No FIFO topic: those have no subscriptions by e-mail, and want groups of messages. */
const TOPIC = /^arn:aws[\w-]*:sns:[a-z\d-]+:\d{12}:[\w-]{1,256}$/;

/** The `notify` section of a tenant: where operators are told what needs a person. */
export const notify = z
  .strictObject({
    webhook: z
      .string()
      .regex(TENANT_NAME, NAME_RULE)
      .optional()
      .meta({
        description:
          'Name of the incoming webhook of Slack or Teams, whose address is in the secret door under webhooks.',
        examples: ['operators'],
      }),
    topic: z
      .string()
      .regex(
        TOPIC,
        'the ARN of a standard topic of SNS, such as arn:aws:sns:eu-central-1:123456789012:operators',
      )
      .optional()
      .meta({
        description:
          'Topic of SNS that the message is published to, for mail. The schedule may publish to it once it is deployed.',
        examples: ['arn:aws:sns:eu-central-1:123456789012:operators'],
        ...DEPLOYED,
      }),
  })
  .refine(({ webhook, topic }) => webhook !== undefined || topic !== undefined, {
    message: 'a webhook or a topic, or both',
  })
  .optional()
  .meta({
    description: 'Where operators are told what needs a person.',
    examples: [{ webhook: 'operators' }],
  });
