import { type Actor, recordAction } from '../../../functions/operate/audit.ts';
import { readGenerations } from '../../../functions/operate/configuration/generations.ts';
import { providers } from '../../../functions/providers/registry.ts';
import { AWS_CLIENT } from '../../../functions/runtime/aws-client.ts';
import { errorText } from '../../../functions/runtime/error-text.ts';
import { isCognitoTrigger, readCloudTrail, readTrigger } from '../../../functions/signup/cognito.ts';
import { deliverItem, type IncomingItem } from '../../../functions/signup/deliver-item.ts';
import { readPartnerEvent } from '../../../functions/signup/partner.ts';
import type { Configuration } from '../../../functions/tenant/configuration.ts';
import { assertRegion, type CommandContext, openCommandDirectory } from '../../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../../failure.ts';
import { confirmCount } from '../../operator/confirmation.ts';
import { counted, type Output, table } from '../../output.ts';
import { openServicesFor } from '../configuration/review.ts';

/** A message of the queue, with what it holds. */
interface Letter {
  readonly receipt: string;
  /** Undefined: of no source that is configured, or no event at all. */
  readonly item: IncomingItem | undefined;
}

export interface LetterOptions {
  readonly apply?: true;
  readonly yes?: string;
}

const MOST = 500;
const BATCH = 10;
/** So long no other command takes a message; what isn't done is given back before. */
const HIDDEN_SECONDS = 300;

/**
 * `replay --dead-letters <queue>`: events of Cognito and of EventBridge's partners that could not be stored, delivered as the
 * sign-up function delivers them; each that is leaves the queue. Without `--apply` they are shown and stay.
 */
export async function replayDeadLetters(
  context: CommandContext,
  queue: string,
  { apply, yes }: LetterOptions,
  actor: () => Promise<Actor>,
  output: Output,
): Promise<number | undefined> {
  const opened = await openCommandDirectory(context);
  const letters = await openQueue(queue);
  try {
    const { before } = await readGenerations(opened.directory);
    if (before === undefined) throw new CommandFailure('no generation is active; push makes the first');
    const found = await readLetters(letters, before);
    try {
      const known = found.filter(({ item }) => isMeant(context, item));
      const rows = known.map(({ item }) => rowOf(item));
      if (apply !== true) {
        output.data({ letters: rows, others: found.length - known.length, applied: false });
        show(rows, found.length - known.length, output);
        return undefined;
      }
      if (known.length > 0) await confirmCount(known.length, 'delivered', yes, 'event');
      const by = await actor();
      const services = await openServicesFor(context, before, opened);
      const delivered: (Row & { readonly outcome: string })[] = [];
      for (const [index, { item, receipt }] of known.entries()) {
        if (item === undefined) continue;
        const row = rows[index] ?? rowOf(item);
        const problem = await deliverItem(item, services).catch(errorText);
        delivered.push({ ...row, outcome: problem ?? 'delivered' });
        if (problem !== undefined) continue;
        await letters.remove(receipt);
      }
      for (const tenant of new Set(delivered.map((row) => row.tenant))) {
        const count = delivered.filter((row) => row.tenant === tenant && row.outcome === 'delivered').length;
        await recordAction(services, tenant, by, 'replay', { count });
      }
      output.data({ letters: delivered, others: found.length - known.length, applied: true });
      for (const { source, type, about, outcome } of delivered) {
        output.line(`${source} ${type} ${about}: ${outcome}`);
      }
      if (delivered.length === 0) output.line('Nothing of a source that is configured is in the queue.');
      return delivered.some(({ outcome }) => outcome !== 'delivered') ? EXIT_FINDINGS : undefined;
    } finally {
      for (const { receipt } of found) await letters.giveBack(receipt);
    }
  } finally {
    letters.close();
    opened.close();
  }
}

type Queue = Awaited<ReturnType<typeof openQueue>>;

/** A queue of SQS; its client is loaded here, and with no other command. */
async function openQueue(QueueUrl: string) {
  const sqs = await import('@aws-sdk/client-sqs');
  const client = new sqs.SQSClient(AWS_CLIENT);
  await assertRegion(client);
  return {
    async receive() {
      const { Messages = [] } = await client.send(
        new sqs.ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: BATCH,
          VisibilityTimeout: HIDDEN_SECONDS,
          WaitTimeSeconds: 1,
        }),
      );
      return Messages;
    },
    async remove(ReceiptHandle: string) {
      await client.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    },
    /** What is left of it in the queue is seen by others at once; what was removed is not there. */
    async giveBack(ReceiptHandle: string) {
      const command = { QueueUrl, ReceiptHandle, VisibilityTimeout: 0 };
      await client.send(new sqs.ChangeMessageVisibilityCommand(command)).catch(() => undefined);
    },
    close: () => client.destroy(),
  };
}

async function readLetters(queue: Queue, configuration: Configuration): Promise<Letter[]> {
  const letters: Letter[] = [];
  while (letters.length < MOST) {
    const messages = await queue.receive();
    if (messages.length === 0) break;
    for (const { Body = '', ReceiptHandle: receipt = '' } of messages) {
      letters.push({ receipt, item: await itemIn(Body, configuration) });
    }
  }
  return letters;
}

/** A rule's target leaves the event itself, Lambda's destination one that is wrapped. */
async function itemIn(text: string, configuration: Configuration): Promise<IncomingItem | undefined> {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch {
    return undefined;
  }
  const wrapped = (event as { readonly requestPayload?: unknown } | null)?.requestPayload;
  const letter = wrapped ?? event;
  if (isCognitoTrigger(letter)) return readTrigger(letter, configuration);
  return readCloudTrail(letter, configuration) ?? (await readPartnerEvent(letter, configuration, providers));
}

function isMeant({ tenant }: CommandContext, item: IncomingItem | undefined): boolean {
  if (item === undefined || (tenant !== undefined && item.tenant !== tenant)) return false;
  return item.item.kind === 'event' || item.item.kind === 'group';
}

interface Row {
  readonly tenant: string;
  readonly source: string;
  readonly type: string;
  readonly about: string;
  /** ISO 8601: when it happened, where the event says so. */
  readonly at: string;
}

function rowOf(letter: IncomingItem | undefined): Row {
  const { tenant = '', source = '', item } = letter ?? {};
  const event = item?.kind === 'event' ? item.event : undefined;
  const change = item?.kind === 'group' ? item.change : undefined;
  const { userName, email, id } = event?.subject ?? {};
  const about = userName ?? email ?? id ?? change?.group.display ?? change?.group.id ?? '';
  const said = event ?? change;
  return { tenant, source, type: said?.type ?? '', about, at: said?.occurredAt ?? '' };
}

function show(rows: readonly Row[], others: number, output: Output): void {
  if (rows.length === 0) output.line('Nothing of a source that is configured is in the queue.');
  else {
    const cells = rows.map(({ tenant, source, type, about, at }) => [tenant, source, type, about, at]);
    for (const line of table(['tenant', 'source', 'event', 'who', 'happened'], cells)) output.line(line);
    output.line();
    output.line('  --apply   delivers them, and takes each that is from the queue');
  }
  if (others > 0) output.line(`${counted(others, 'message')} of something else stay in the queue.`);
}
