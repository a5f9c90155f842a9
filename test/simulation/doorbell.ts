import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { Dice } from './dice.ts';
import type { Kind, Platform } from './platform.ts';
import type { VirtualTime } from './virtual-time.ts';
import type { Weather } from './weather.ts';

/** A drain's time limit, and from when on a message that nobody has done with is there again. */
const DRAIN_MS = 60_000;
const VISIBILITY_MS = 70_000;
const MAX_RECEIVES = 3;
/** SQS takes two messages of one id for one, so long after the first. */
const DEDUPLICATION_MS = 5 * 60_000;
/** How long SQS keeps a message back, so that the index of due records shows what it is about. */
const DELAY_MS = 1_000;

interface Message {
  readonly id: string;
  receives: number;
}

interface Drains {
  drain(event: SQSEvent, context: never): Promise<SQSBatchResponse>;
}

/**
 * The queue between who rings and the drain: FIFO, the tenant as message group, so one drain a tenant at a time. Messages
 * get lost and doubled, and now and then a second drain begins beside the first, which the queue should never let happen.
 */
export class Doorbell<Host extends Drains> {
  readonly #tenant: string;
  readonly #time: VirtualTime;
  readonly #dice: Dice;
  readonly #weather: () => Weather;
  readonly #platform: Platform<Host>;
  #messages: Message[] = [];
  #seen = new Map<string, number>();
  #isBusy = false;
  #number = 0;

  constructor(options: {
    readonly tenant: string;
    readonly time: VirtualTime;
    readonly dice: Dice;
    readonly weather: () => Weather;
    readonly platform: Platform<Host>;
  }) {
    this.#tenant = options.tenant;
    this.#time = options.time;
    this.#dice = options.dice;
    this.#weather = options.weather;
    this.#platform = options.platform;
  }

  /** Nobody has rung, and no drain is under way. */
  get isQuiet(): boolean {
    return this.#messages.length === 0 && !this.#isBusy;
  }

  ring(): void {
    const { ringIsLost, ringIsDoubled, secondDrain } = this.#weather();
    if (this.#dice.chance(ringIsLost)) return;
    const now = this.#time.now();
    const id = `${this.#tenant}-${Math.floor(now / 1_000)}`;
    if (now - (this.#seen.get(id) ?? Number.NEGATIVE_INFINITY) < DEDUPLICATION_MS) return;
    this.#seen.set(id, now);
    const copies = this.#dice.chance(ringIsDoubled) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      this.#number += 1;
      this.#messages.push({ id: `message-${this.#number}`, receives: 0 });
    }
    this.#time.after(DELAY_MS + this.#dice.whole(5, 200), () => this.#deliver());
    if (this.#dice.chance(secondDrain * 0.1)) {
      this.#time.after(this.#dice.whole(0, 30_000), () => void this.#drain({ id: 'stray', receives: 0 }));
    }
  }

  #deliver(): void {
    const [message] = this.#messages;
    if (this.#isBusy || message === undefined) return;
    this.#isBusy = true;
    message.receives += 1;
    void this.#drain(message).then((isDone) => {
      if (isDone || message.receives >= MAX_RECEIVES) this.#messages.shift();
      this.#time.after(isDone ? this.#dice.whole(1, 50) : VISIBILITY_MS - DRAIN_MS, () => {
        this.#isBusy = false;
        this.#deliver();
      });
    });
  }

  async #drain({ id }: Message): Promise<boolean> {
    const kind: Kind = 'drain';
    const ended = await this.#platform.invoke(kind, DRAIN_MS, (host, context) =>
      host.drain(eventOf(id, this.#tenant), context as never),
    );
    return ended.ended === 'answered' && ended.value.batchItemFailures.length === 0;
  }
}

function eventOf(messageId: string, tenant: string): SQSEvent {
  return {
    Records: [
      {
        messageId,
        receiptHandle: '',
        body: JSON.stringify({ tenant }),
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: '0',
          SenderId: '',
          ApproximateFirstReceiveTimestamp: '0',
        },
        messageAttributes: {},
        md5OfBody: '',
        eventSource: 'aws:sqs',
        eventSourceARN: '',
        awsRegion: 'simulated',
      },
    ],
  };
}
