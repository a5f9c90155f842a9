import { DeleteMessageCommand, type Message, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { startFauxqs } from 'fauxqs';
import type { Ended } from './runtime-api.ts';

export interface EventQueue {
  /** For `AWS_ENDPOINT_URL_SQS`. */
  readonly endpoint: string;
  readonly url: string;
  /** Takes one message, waiting for it a second at most, and has it worked on. */
  deliver(): Promise<'nothing' | 'done' | 'given back'>;
  close(): Promise<void>;
}

/** A message is there again so long after it was taken: real seconds, so there are few of them. */
const VISIBILITY_SECONDS = 1;
const REGION = 'us-east-1';

/**
 * The doorbell's queue, and Lambda's event source on it: takes a message, invokes the function with it, and deletes it
 * unless the function failed, crashed, or says that this message did. What isn't deleted comes again.
 */
export async function openQueue(invoke: (event: SQSEvent) => Promise<Ended>): Promise<EventQueue> {
  const server = await startFauxqs({ port: 0, host: '127.0.0.1', logger: false, defaultRegion: REGION });
  server.createQueue('doorbell.fifo', {
    region: REGION,
    attributes: { FifoQueue: 'true', VisibilityTimeout: String(VISIBILITY_SECONDS) },
  });
  const url = `${server.address}/000000000000/doorbell.fifo`;
  const client = new SQSClient({
    endpoint: server.address,
    region: REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    endpoint: server.address,
    url,
    async deliver() {
      const { Messages: [message] = [] } = await client.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 1, WaitTimeSeconds: 1 }),
      );
      if (message === undefined) return 'nothing';
      const ended = await invoke({ Records: [recordOf(message)] });
      if (!isDone(ended)) return 'given back';
      await client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message.ReceiptHandle }));
      return 'done';
    },
    async close() {
      client.destroy();
      await server.stop();
    },
  };
}

function isDone(ended: Ended): boolean {
  if (ended.kind !== 'response') return false;
  const { batchItemFailures } = ended.result as SQSBatchResponse;
  return batchItemFailures.length === 0;
}

function recordOf({ MessageId = '', ReceiptHandle = '', Body = '' }: Message): SQSEvent['Records'][number] {
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '0',
      SenderId: 'local',
      ApproximateFirstReceiveTimestamp: '0',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: `arn:aws:sqs:${REGION}:000000000000:doorbell.fifo`,
    awsRegion: REGION,
  };
}
