import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { v7 as uuidv7 } from 'uuid';
import type { ServiceOptions } from '../provision/services.ts';
import { AWS_CLIENT } from '../runtime/aws-client.ts';

/** One message group a tenant, so one drain a tenant. Each ring is a message of its own: the last one may come after the look. */
export function sqsDoorbell(queueUrl: string): ServiceOptions['ring'] {
  const client = new SQSClient(AWS_CLIENT);
  return async (tenant) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify({ tenant }),
        MessageGroupId: tenant,
        MessageDeduplicationId: uuidv7(),
      }),
    );
  };
}
